package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The kernels, plain and readable: what every other implementation is compared with.
 *
 * <p>Speed is no aim; selection sorts pairs of magnitude and index, largest magnitude and lowest index first.
 */
public final class ReferenceKernels implements Kernels {
    private long[] order = new long[0];

    /** Ready to use. */
    public ReferenceKernels() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale) {
        for (int i = from; i < to; i++) {
            residual[i] += scale * gradient.get(i);
        }
        return countNonFinite(gradient, from, to);
    }

    @Override
    public int countNonFinite(FloatBuffer gradient, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += Float.isFinite(gradient.get(i)) ? 0 : 1;
        }
        return count;
    }

    @Override
    public void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        for (int i = from; i < to; i++) {
            float g = gradient.get(i);
            noise[i - shift] = decay * noise[i - shift] + (1 - decay) * (g * g);
        }
    }

    @Override
    public void statistic(StatisticCall call, float[] statistic, int at) {
        int[] lastSent = call.lastSent;
        for (int i = call.from; i < call.to; i++) {
            int local = i - call.shift;
            float weight = lastSent == null ? 1f : (float) Math.sqrt(call.step - lastSent[local] + 1);
            statistic[at + i - call.from] = (call.moment[local] + call.residual[i]) * weight;
        }
    }

    @Override
    public void selectLargest(float[] values, int n, int k, int[] selected, int at) {
        if (order.length < n) {
            order = new long[n];
        }
        for (int i = 0; i < n; i++) {
            order[i] = (long) -magnitudeKey(values[i]) << Integer.SIZE | i;
        }
        Arrays.sort(order, 0, n);
        for (int j = 0; j < k; j++) {
            selected[at + j] = (int) order[j];
        }
        Arrays.sort(selected, at, at + k);
    }

    /** Orders magnitudes as integers: the bits without sign; every NaN counts as one value above infinity. */
    static int magnitudeKey(float value) {
        return Math.min(Float.floatToRawIntBits(value) & 0x7fffffff, 0x7f800001);
    }

    @Override
    public void pack(float[] residual, int[] indices, int from, int to, float[] packed, int at) {
        for (int j = from; j < to; j++) {
            packed[at + j - from] = residual[indices[j]];
            residual[indices[j]] = 0;
        }
    }

    @Override
    public void gather(FloatBuffer source, int[] indices, int from, int to, float[] packed, int at) {
        for (int j = from; j < to; j++) {
            packed[at + j - from] = source.get(indices[j]);
        }
    }

    @Override
    public void scatter(float[] packed, int at, int[] indices, int from, int to, FloatBuffer target) {
        for (int j = from; j < to; j++) {
            target.put(indices[j], packed[at + j - from]);
        }
    }

    @Override
    public void scale(float[] values, int from, int to, float factor) {
        for (int j = from; j < to; j++) {
            values[j] *= factor;
        }
    }

    @Override
    public void update(UpdateCall c) {
        for (int j = c.from; j < c.to; j++) {
            int p = c.at + j - c.from;
            if (c.rule == UpdateRule.SUBTRACT) {
                c.parameters[p] = c.parameters[p] - c.packed[p];
                continue;
            }
            int local = c.indices[j] - c.shift;
            int age = c.step - c.lastSent[local];
            float s = c.packed[p] * c.clipScale;
            if (age == 1 || c.rule == UpdateRule.NONE) {
                updateDense(c, p, local, s);
            } else if (c.rule == UpdateRule.CAPPED) {
                updateCapped(c, p, local, s, age);
            } else {
                updateClosedForm(c, p, local, s, age);
            }
            c.lastSent[local] = c.step;
        }
    }

    private static void updateDense(UpdateCall c, int p, int local, float s) {
        float m = c.moment[local];
        float mn = c.beta1 * m + s;
        apply(c, p, m, mn, s / c.oneMinusBeta1, c.learningRate);
        c.moment[local] = mn;
    }

    private static void updateCapped(UpdateCall c, int p, int local, float s, int age) {
        float m = c.moment[local];
        float a = c.betaPower(age);
        float mn = a * m + (1 - a) * (s / c.oneMinusBeta1 / age);
        apply(c, p, m, mn, (mn - c.beta1 * m) / c.oneMinusBeta1, c.learningRate * Math.min(age, c.cap));
        c.moment[local] = mn;
    }

    private static void apply(UpdateCall c, int p, float m, float mn, float gh, float rate) {
        float mc = m / c.correction;
        float v = c.beta2 * (mc * mc) + c.oneMinusBeta2 * (gh * gh);
        c.parameters[p] = c.decay * c.parameters[p] - rate * (mn / c.correction) / ((float) Math.sqrt(v) + c.epsilon);
    }

    private static void updateClosedForm(UpdateCall c, int p, int local, float s, int age) {
        float m = c.moment[local];
        float a = c.betaPower(age);
        float gb = s / c.oneMinusBeta1 / age;
        float sum = age * gb + c.beta1 * (1 - a) / c.oneMinusBeta1 * (m - gb);
        float q = sum / age;
        float v = c.beta2 * (q * q) + c.noiseFactor * c.noise[p];
        c.parameters[p] = c.decay * c.parameters[p] - c.learningRate * sum / ((float) Math.sqrt(v) + c.epsilon);
        c.moment[local] = a * m + (1 - a) * gb;
    }

    @Override
    public double squaredNorm(UpdateCall c) {
        double sum = 0;
        if (c.rule == UpdateRule.SUBTRACT) {
            return sum;
        }
        for (int j = c.from; j < c.to; j++) {
            float g = c.packed[c.at + j - c.from] / c.oneMinusBeta1;
            int age = c.step - c.lastSent[c.indices[j] - c.shift];
            if (c.rule != UpdateRule.NONE && age > 1) {
                g /= age;
            }
            sum += (double) g * g;
        }
        return sum;
    }
}
