package org.dl4jscape.cuda.flat;

import org.dl4jscape.core.compute.SelectionCall;
import org.dl4jscape.core.compute.StatisticCall;

/** The statistic of the ranges of a {@link SelectionCall}, computed while it is read; indices are global. */
final class StatisticMagnitudes implements Magnitudes {
    private final SelectionCall call;
    private int range;
    private int firstOfRange;

    StatisticMagnitudes(SelectionCall call) {
        this.call = call;
    }

    @Override
    public int length() {
        return call.length();
    }

    @Override
    public void read(int first, int count, float[] into) {
        int written = 0;
        while (written < count) {
            int global = index(first + written);
            int run = Math.min(count - written, call.end(range) - global);
            read(call.statistic, global, run, into, written);
            written += run;
        }
    }

    @Override
    public int index(int number) {
        if (number < firstOfRange) {
            range = 0;
            firstOfRange = 0;
        }
        while (number - firstOfRange >= call.end(range) - call.start(range)) {
            firstOfRange += call.end(range) - call.start(range);
            range++;
        }
        return call.start(range) + number - firstOfRange;
    }

    /** {@code into[at + i - first] = statistic of global i} for {@code count} coordinates; formula: {@link StatisticCall}. */
    static void read(StatisticCall call, int first, int count, float[] into, int at) {
        float[] residual = call.residual;
        float[] moment = call.moment;
        int local = first - call.shift;
        for (int j = 0; j < count; j++) {
            into[at + j] = moment[local + j] + residual[first + j];
        }
        int[] lastSent = call.lastSent;
        if (lastSent != null) {
            int now = call.step + 1;
            for (int j = 0; j < count; j++) {
                into[at + j] *= (float) Math.sqrt(now - lastSent[local + j]);
            }
        }
    }
}
