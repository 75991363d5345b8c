package org.dl4jscape.core.compute;

import java.util.Objects;

/**
 * The selection statistic of some ranges as keys, computed while it is read and never written down; positions are global
 * indices. Formula and bits: {@link StatisticCall}.
 *
 * <p>The age weight is a square root, which would cost more than all else. So a scan compares squares, {@code (m + e)^2 *
 * age}, with the square of the guess less a margin that covers every rounding, and takes the root only of what passes.
 */
final class StatisticKeys implements KeySource {
    /** More than all roundings of either side of the comparison together: each is below 2^-23 of its value. */
    private static final float ROUNDING = 0.9999f;

    /** Where neither squares nor their product with an age leave the range of normal floats. */
    private static final float SMALLEST_SQUARED = 0x1p-50f;

    private static final float LARGEST_SQUARED = 0x1p50f;

    private SelectionCall call = new SelectionCall();
    private int range;
    private int read;

    /** Points it at the ranges and operands of a call. */
    StatisticKeys over(SelectionCall selection) {
        call = selection;
        return this;
    }

    @Override
    public int length() {
        return call.length();
    }

    @Override
    public void rewind() {
        range = -1;
        read = 0;
    }

    @Override
    public int next(int[] keys, int[] positions) {
        while (range < 0 || read == call.end(range)) {
            range++;
            if (range == call.rangeCount()) {
                range--;
                return 0;
            }
            read = call.start(range);
        }
        StatisticCall s = call.statistic;
        int n = Math.min(keys.length, call.end(range) - read);
        for (int j = 0; j < n; j++) {
            int i = read + j;
            keys[j] = KeySource.key(s.value(i));
            positions[j] = i;
        }
        read += n;
        return n;
    }

    @Override
    public boolean collect(int atLeast, Candidates into) {
        float threshold = Float.intBitsToFloat(atLeast);
        boolean squares = threshold > SMALLEST_SQUARED && threshold < LARGEST_SQUARED;
        float bound = squares ? threshold * threshold * ROUNDING : 0;
        StatisticCall s = call.statistic;
        boolean fits = true;
        for (int r = 0; r < call.rangeCount() && fits; r++) {
            fits = s.lastSent == null
                    ? collectUnweighted(s, call.start(r), call.end(r), atLeast, into)
                    : collectWeighted(s, call.start(r), call.end(r), atLeast, bound, into);
        }
        return fits;
    }

    // Both loops run over whole ranges and compare floats, not keys: measured, each is worth 10 %. The comparison is
    // negated,
    // so that a NaN passes; what passes is looked at once more, by its key.

    private static boolean collectUnweighted(StatisticCall s, int from, int to, int atLeast, Candidates into) {
        float threshold = Float.intBitsToFloat(atLeast);
        float[] moment = s.moment;
        float[] residual = s.residual;
        int shift = s.shift;
        int[] keys = into.keys;
        int[] positions = into.positions;
        int count = into.count;
        for (int i = from; i < to; i++) {
            float magnitude = Math.abs(moment[i - shift] + residual[i]);
            if (!(magnitude < threshold)) {
                int key = KeySource.key(magnitude);
                if (key >= atLeast) {
                    if (count == keys.length) {
                        return false;
                    }
                    keys[count] = key;
                    positions[count++] = i;
                }
            }
        }
        into.count = count;
        return true;
    }

    private static boolean collectWeighted(
            StatisticCall s, int from, int to, int atLeast, float bound, Candidates into) {
        int[] lastSent = Objects.requireNonNull(s.lastSent, "lastSent");
        float[] moment = s.moment;
        float[] residual = s.residual;
        int shift = s.shift;
        int next = s.step + 1;
        int[] keys = into.keys;
        int[] positions = into.positions;
        int count = into.count;
        for (int i = from; i < to; i++) {
            float sum = moment[i - shift] + residual[i];
            if (!(sum * sum * (next - lastSent[i - shift]) < bound)) {
                int key = KeySource.key(s.value(i));
                if (key >= atLeast) {
                    if (count == keys.length) {
                        return false;
                    }
                    keys[count] = key;
                    positions[count++] = i;
                }
            }
        }
        into.count = count;
        return true;
    }
}
