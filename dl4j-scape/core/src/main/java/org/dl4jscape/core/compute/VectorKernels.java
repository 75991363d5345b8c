package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;

/**
 * The kernels for speed, in plain Java: tiles that stay in the first-level cache, loops that HotSpot turns into vector
 * instructions, and a selection that reads the statistic twice.
 *
 * <p>Allocates only while its scratch memory grows. Bits as {@link ReferenceKernels}.
 */
public final class VectorKernels implements Kernels {
    private static final int TILE = 4096;
    private static final int EXPONENT = 0x7f800000;

    private final float[] tile = new float[TILE];
    private final ReferenceKernels reference = new ReferenceKernels();
    private final RadixSelector selector = new RadixSelector();

    /** Ready to use. */
    public VectorKernels() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale) {
        int nonFinite = 0;
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, tile, 0, length);
            for (int i = 0; i < length; i++) {
                residual[start + i] += scale * tile[i];
            }
            nonFinite += countNonFinite(length);
        }
        return nonFinite;
    }

    /** A sum of zero times each value is NaN exactly if one of them is not finite; only then it counts. */
    private int countNonFinite(int length) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += tile[i] * 0f;
            b += tile[i + 1] * 0f;
            c += tile[i + 2] * 0f;
            d += tile[i + 3] * 0f;
        }
        for (; i < length; i++) {
            a += tile[i] * 0f;
        }
        if (a + b + (c + d) == 0) {
            return 0;
        }
        int count = 0;
        for (int j = 0; j < length; j++) {
            count += (Float.floatToRawIntBits(tile[j]) & EXPONENT) == EXPONENT ? 1 : 0;
        }
        return count;
    }

    @Override
    public int countNonFinite(FloatBuffer gradient, int from, int to) {
        int nonFinite = 0;
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, tile, 0, length);
            nonFinite += countNonFinite(length);
        }
        return nonFinite;
    }

    @Override
    public void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        float rest = 1 - decay;
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, tile, 0, length);
            int local = start - shift;
            for (int i = 0; i < length; i++) {
                noise[local + i] = decay * noise[local + i] + rest * (tile[i] * tile[i]);
            }
        }
    }

    @Override
    public void statistic(StatisticCall call, float[] statistic, int at) {
        int length = call.to - call.from;
        int local = call.from - call.shift;
        float[] moment = call.moment;
        float[] residual = call.residual;
        int global = call.from;
        for (int i = 0; i < length; i++) {
            statistic[at + i] = moment[local + i] + residual[global + i];
        }
        int[] lastSent = call.lastSent;
        if (lastSent != null) {
            int next = call.step + 1;
            for (int i = 0; i < length; i++) {
                statistic[at + i] *= (float) Math.sqrt((float) (next - lastSent[local + i]));
            }
        }
    }

    @Override
    public void selectLargest(float[] values, int n, int k, int[] selected, int at) {
        selector.select(values, n, k, selected, at);
    }

    @Override
    public void pack(float[] residual, int[] indices, int from, int to, float[] packed, int at) {
        reference.pack(residual, indices, from, to, packed, at);
    }

    @Override
    public void gather(FloatBuffer source, int[] indices, int from, int to, float[] packed, int at) {
        reference.gather(source, indices, from, to, packed, at);
    }

    @Override
    public void scatter(float[] packed, int at, int[] indices, int from, int to, FloatBuffer target) {
        reference.scatter(packed, at, indices, from, to, target);
    }

    @Override
    public void scale(float[] values, int from, int to, float factor) {
        reference.scale(values, from, to, factor);
    }

    @Override
    public void update(UpdateCall call) {
        reference.update(call);
    }

    @Override
    public double squaredNorm(UpdateCall call) {
        return reference.squaredNorm(call);
    }
}
