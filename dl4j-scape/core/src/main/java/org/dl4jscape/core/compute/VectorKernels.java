package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The kernels for speed, in plain Java: tiles that stay in the first-level cache, loops that HotSpot turns into vector
 * instructions, and a selection that computes the statistic while it reads and never writes it down.
 *
 * <p>Why tiles: reading a direct buffer value by value does not become vector instructions, and a block copy streams from
 * memory faster than a loop does. So operands are copied into tiles, the arithmetic runs there, and results are copied back.
 *
 * <p>Allocates only while its scratch memory grows. Bits as {@link ReferenceKernels}.
 */
public final class VectorKernels implements Kernels {
    private static final int TILE = 512;
    private static final int EXPONENT = 0x7f800000;

    private final float[] incoming = new float[TILE];
    private final float[] state = new float[TILE];
    private final float[] sums = new float[TILE];
    private final ReferenceKernels reference = new ReferenceKernels();
    private final RadixSelector selector = new RadixSelector();
    private final StatisticKeys statisticKeys = new StatisticKeys();
    private final ArrayKeys arrayKeys = new ArrayKeys();
    private final CutHint arrayHint = new CutHint();

    /** Ready to use. */
    public VectorKernels() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale) {
        Arrays.fill(sums, 0);
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, incoming, 0, length);
            System.arraycopy(residual, start, state, 0, length);
            addScaled(state, incoming, length, scale);
            System.arraycopy(state, 0, residual, start, length);
            add(sums, incoming, length);
        }
        return isFinite(sums) ? 0 : reference.countNonFinite(gradient, from, to);
    }

    private static void addScaled(float[] target, float[] source, int length, float scale) {
        for (int i = 0; i < length; i++) {
            target[i] += scale * source[i];
        }
    }

    private static void add(float[] target, float[] source, int length) {
        for (int i = 0; i < length; i++) {
            target[i] += source[i];
        }
    }

    /**
     * Whether all sums are finite; then so was every value that went into them, since NaN and infinity survive addition. The
     * reverse may fail, when finite values overflow: then the values are looked at one by one.
     */
    private static boolean isFinite(float[] sums) {
        int notFinite = 0;
        for (float sum : sums) {
            notFinite |= (Float.floatToRawIntBits(sum) & EXPONENT) == EXPONENT ? 1 : 0;
        }
        return notFinite == 0;
    }

    @Override
    public int countNonFinite(FloatBuffer gradient, int from, int to) {
        Arrays.fill(sums, 0);
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, incoming, 0, length);
            add(sums, incoming, length);
        }
        return isFinite(sums) ? 0 : reference.countNonFinite(gradient, from, to);
    }

    @Override
    public void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        float rest = 1 - decay;
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, incoming, 0, length);
            System.arraycopy(noise, start - shift, state, 0, length);
            moveTowardsSquare(state, incoming, length, decay, rest);
            System.arraycopy(state, 0, noise, start - shift, length);
        }
    }

    private static void moveTowardsSquare(float[] mean, float[] values, int length, float decay, float rest) {
        for (int i = 0; i < length; i++) {
            mean[i] = decay * mean[i] + rest * (values[i] * values[i]);
        }
    }

    @Override
    public void statistic(StatisticCall call, float[] statistic, int at) {
        reference.statistic(call, statistic, at);
    }

    @Override
    public void selectLargest(float[] values, int n, int k, int[] selected, int at) {
        selector.select(arrayKeys.over(values, n), k, arrayHint, selected, at);
        arrayKeys.release();
    }

    @Override
    public void select(SelectionCall call) {
        selector.select(statisticKeys.over(call), call.k, call.hint, call.selected(), 0);
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
