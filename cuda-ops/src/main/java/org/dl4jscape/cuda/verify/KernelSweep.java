package org.dl4jscape.cuda.verify;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.ReferenceKernels;
import org.dl4jscape.core.compute.SelectionCall;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;

/**
 * Every kernel at one length and for one kind of values, against the reference, into outputs that hold NaN before.
 *
 * <p>NaN equals NaN, whatever its payload; everything else is compared bit by bit. The values follow from the seed.
 */
final class KernelSweep {
    private static final float POISON = Float.NaN;
    private static final int AT = 3;

    private final Kernels subject;
    private final Kernels reference = new ReferenceKernels();
    private final long seed;
    private final List<String> findings = new ArrayList<>();

    KernelSweep(Kernels subject, long seed) {
        this.subject = subject;
        this.seed = seed;
    }

    /** What differed so far, a line each. */
    List<String> findings() {
        return findings;
    }

    /** Compares all kernels, {@code rounds} times; 1 &lt;= n. */
    void run(int n, SweepValues values, int rounds) {
        for (int round = 0; round < rounds; round++) {
            String where = " at n=" + n + ", " + values + ", seed " + seed + ", round " + round;
            dense(n, values, where);
            selection(n, values, where);
            masked(n, values, where);
            for (UpdateRule rule : UpdateRule.values()) {
                update(rule, n, values, where);
            }
        }
    }

    private void dense(int n, SweepValues values, String where) {
        FloatBuffer gradient = FloatBuffer.wrap(values.draw(seed, n));
        float[] expected = SweepValues.UNIFORM.draw(seed + 1, n);
        float[] actual = expected.clone();
        int count = reference.accumulate(expected, gradient, 0, n, 0.1f);
        same(count, subject.accumulate(actual, gradient, 0, n, 0.1f), "accumulate's count" + where);
        same(expected, actual, "accumulate" + where);
        same(count, subject.countNonFinite(gradient, 0, n), "countNonFinite" + where);
        reference.trackNoise(expected, 0, gradient, 0, n, 0.99f);
        subject.trackNoise(actual, 0, gradient, 0, n, 0.99f);
        same(expected, actual, "trackNoise" + where);
        reference.scale(expected, 0, n, 1 / 3f);
        subject.scale(actual, 0, n, 1 / 3f);
        same(expected, actual, "scale" + where);
    }

    private void selection(int n, SweepValues values, String where) {
        float[] candidates = values.draw(seed + 2, n);
        for (int k : new int[] {1, Math.max(1, n / 100), n}) {
            int[] expected = new int[k];
            int[] actual = new int[k];
            Arrays.fill(actual, -1);
            reference.selectLargest(candidates, n, k, expected, 0);
            subject.selectLargest(candidates, n, k, actual, 0);
            same(Arrays.equals(expected, actual), "selectLargest of " + k + where);
        }
        StatisticCall statistic = statistic(n, values);
        float[] expected = new float[n + AT];
        float[] actual = new float[n + AT];
        Arrays.fill(actual, AT, n + AT, POISON);
        reference.statistic(statistic, expected, AT);
        subject.statistic(statistic, actual, AT);
        same(expected, actual, "statistic" + where);
        same(Arrays.equals(selected(reference, statistic, n), selected(subject, statistic, n)), "select" + where);
    }

    private StatisticCall statistic(int n, SweepValues values) {
        StatisticCall call = new StatisticCall();
        call.residual = values.draw(seed + 3, n);
        call.moment = values.draw(seed + 4, n);
        call.lastSent = ages(n, 20_000_000);
        call.step = 20_000_000;
        call.to = n;
        return call;
    }

    private int[] selected(Kernels kernels, StatisticCall statistic, int n) {
        SelectionCall call = new SelectionCall(0, n);
        call.statistic = statistic;
        call.k = Math.max(1, n / 10);
        kernels.select(call);
        return Arrays.copyOf(call.selected(), call.k);
    }

    /** Steps last sent: the previous one, some steps ago, and up to as long ago as there are steps. */
    private int[] ages(int n, int step) {
        int[] ages = new int[n];
        for (int i = 0; i < n; i++) {
            // By thirds of i: the mask holds every third coordinate, and must meet all ages.
            int kind = i / 3 % 3;
            ages[i] = step - (kind == 0 ? 1 : kind == 1 ? 2 + i % 60 : 1 + (int) (i * 7919L % (step - 1)));
        }
        return ages;
    }

    private static int[] mask(int n) {
        int[] mask = new int[(n + 2) / 3];
        for (int j = 0; j < mask.length; j++) {
            mask[j] = 3 * j;
        }
        return mask;
    }

    private void masked(int n, SweepValues values, String where) {
        int[] mask = mask(n);
        int k = mask.length;
        float[] expected = values.draw(seed + 5, n);
        float[] actual = expected.clone();
        float[] taken = new float[k];
        float[] packed = new float[k];
        Arrays.fill(packed, POISON);
        reference.pack(expected, mask, 0, k, taken, 0);
        subject.pack(actual, mask, 0, k, packed, 0);
        same(taken, packed, "pack" + where);
        same(expected, actual, "pack's rest" + where);
        reference.scatter(taken, 0, mask, 0, k, FloatBuffer.wrap(expected));
        subject.scatter(taken, 0, mask, 0, k, FloatBuffer.wrap(actual));
        same(expected, actual, "scatter" + where);
        Arrays.fill(packed, POISON);
        subject.gather(FloatBuffer.wrap(actual), mask, 0, k, packed, 0);
        same(taken, packed, "gather" + where);
    }

    private void update(UpdateRule rule, int n, SweepValues values, String where) {
        UpdateCall expected = updateCall(rule, n, values);
        UpdateCall actual = updateCall(rule, n, values);
        double norm = reference.squaredNorm(expected);
        same(Double.compare(norm, subject.squaredNorm(actual)) == 0, rule + " squaredNorm" + where);
        reference.update(expected);
        subject.update(actual);
        same(expected.parameters, actual.parameters, rule + " parameters" + where);
        same(expected.moment, actual.moment, rule + " moment" + where);
        same(Arrays.equals(expected.lastSent, actual.lastSent), rule + " lastSent" + where);
    }

    private UpdateCall updateCall(UpdateRule rule, int n, SweepValues values) {
        UpdateCall call = new UpdateCall();
        call.rule = rule;
        call.step = 2_000_000;
        call.indices = mask(n);
        call.to = call.indices.length;
        call.packed = values.draw(seed + 6, call.to);
        call.parameters = SweepValues.UNIFORM.draw(seed + 7, call.to);
        call.noise = SweepValues.UNIFORM.draw(seed + 8, call.to);
        for (int j = 0; j < call.to; j++) {
            call.noise[j] = Math.abs(call.noise[j]);
            // Small ones, so that the last bit of the update can be seen in the sum.
            call.parameters[j] *= j % 2 == 0 ? 0x1p-24f : 1f;
        }
        call.moment = values.draw(seed + 9, n);
        call.lastSent = ages(n, call.step);
        call.setBeta1(0.9);
        call.beta2 = 0.95f;
        call.oneMinusBeta2 = 0.05f;
        call.learningRate = 3e-3f;
        call.decay = 1 - 3e-4f;
        call.epsilon = 1e-8f;
        call.correction = 0.75f;
        call.cap = 4;
        call.noiseFactor = 0.025f;
        call.clipScale = 0.625f;
        return call;
    }

    private void same(int expected, int actual, String what) {
        same(expected == actual, what + ": " + actual + " instead of " + expected);
    }

    private void same(float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                findings.add(what + ": [" + i + "] is " + actual[i] + " instead of " + expected[i]);
                return;
            }
        }
    }

    private void same(boolean equal, String what) {
        if (!equal) {
            findings.add(what);
        }
    }
}
