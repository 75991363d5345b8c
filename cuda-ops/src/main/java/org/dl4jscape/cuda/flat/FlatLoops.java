package org.dl4jscape.cuda.flat;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Loops that touch every coordinate, or move masked ones.
 *
 * <p>Dense loops work on tiles in the first-level cache: reading a buffer value by value does not become vector
 * instructions, a block copy does. An instance owns its tiles and belongs to one thread; it allocates nothing after its
 * construction.
 */
public final class FlatLoops {
    private static final int TILE = 512;
    private static final int EXPONENT = 0x7f800000;

    private final float[] incoming = new float[TILE];
    private final float[] state = new float[TILE];
    private final float[] sums = new float[TILE];

    /** Ready to use. */
    public FlatLoops() {}

    /**
     * {@code residual[i] += scale * gradient[i]} for i in [from, to).
     *
     * @return number of gradient values in the range that are NaN or infinite
     */
    public int accumulate(FloatBuffer residual, FloatBuffer gradient, int from, int to, float scale) {
        Arrays.fill(sums, 0);
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, incoming, 0, length);
            residual.get(start, state, 0, length);
            for (int i = 0; i < length; i++) {
                state[i] += scale * incoming[i];
            }
            residual.put(start, state, 0, length);
            addIncoming(length);
        }
        return sumsAreFinite() ? 0 : countOneByOne(gradient, from, to);
    }

    /** Number of values in [from, to) that are NaN or infinite. */
    public int countNonFinite(FloatBuffer values, int from, int to) {
        Arrays.fill(sums, 0);
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            values.get(start, incoming, 0, length);
            addIncoming(length);
        }
        return sumsAreFinite() ? 0 : countOneByOne(values, from, to);
    }

    private void addIncoming(int length) {
        for (int i = 0; i < length; i++) {
            sums[i] += incoming[i];
        }
    }

    /** NaN and infinity survive addition, so finite sums prove finite values; the reverse may fail, hence the second look. */
    private boolean sumsAreFinite() {
        int notFinite = 0;
        for (float sum : sums) {
            notFinite |= (Float.floatToRawIntBits(sum) & EXPONENT) == EXPONENT ? 1 : 0;
        }
        return notFinite == 0;
    }

    private static int countOneByOne(FloatBuffer values, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += Float.isFinite(values.get(i)) ? 0 : 1;
        }
        return count;
    }

    /** {@code noise[i - shift] = decay * noise[i - shift] + (1 - decay) * gradient[i]^2} for i in [from, to). */
    public void trackNoise(FloatBuffer noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        float rest = 1 - decay;
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            gradient.get(start, incoming, 0, length);
            noise.get(start - shift, state, 0, length);
            for (int i = 0; i < length; i++) {
                state[i] = decay * state[i] + rest * (incoming[i] * incoming[i]);
            }
            noise.put(start - shift, state, 0, length);
        }
    }

    /** Takes masked values out, for j in [from, to): {@code packed[at + j - from] = values[indices[j]]}, then zero there. */
    public void pack(FloatBuffer values, IntBuffer indices, int from, int to, FloatBuffer packed, int at) {
        for (int j = from; j < to; j++) {
            int i = indices.get(j);
            packed.put(at + j - from, values.get(i));
            values.put(i, 0f);
        }
    }

    /** Reads masked values, for j in [from, to): {@code packed[at + j - from] = source[indices[j]]}. */
    public void gather(FloatBuffer source, IntBuffer indices, int from, int to, FloatBuffer packed, int at) {
        for (int j = from; j < to; j++) {
            packed.put(at + j - from, source.get(indices.get(j)));
        }
    }

    /** Writes masked values, for j in [from, to): {@code target[indices[j]] = packed[at + j - from]}. */
    public void scatter(FloatBuffer packed, int at, IntBuffer indices, int from, int to, FloatBuffer target) {
        for (int j = from; j < to; j++) {
            target.put(indices.get(j), packed.get(at + j - from));
        }
    }

    /** Multiplies {@code values[from .. to)} by {@code factor}. */
    public void scale(FloatBuffer values, int from, int to, float factor) {
        for (int start = from; start < to; start += TILE) {
            int length = Math.min(TILE, to - start);
            values.get(start, state, 0, length);
            for (int i = 0; i < length; i++) {
                state[i] *= factor;
            }
            values.put(start, state, 0, length);
        }
    }

    /** Sum of squares in double precision, added in index order. */
    public double squaredNorm(FloatBuffer values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double value = values.get(i);
            sum += value * value;
        }
        return sum;
    }
}
