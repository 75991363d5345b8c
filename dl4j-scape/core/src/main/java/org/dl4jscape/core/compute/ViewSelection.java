package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * {@link Kernels#selectLargest} on buffers, for values that lie outside of the heap: exact, of equal magnitudes the lowest
 * index wins, NaN counts as larger than infinity.
 *
 * <p>A call knows nothing of the one before. So a sample of evenly spaced values, at most 8192, gives the guess from which
 * {@link RadixSelector} begins; it decides the speed only. Time linear in n, memory linear in k. Belongs to one thread.
 */
public final class ViewSelection {
    /** Buckets of {@link #histogram}: one for each value of the upper 11 bits of a magnitude. */
    public static final int BUCKETS = RadixSelector.BUCKETS;

    private static final int SAMPLES = 8192;
    /** Sorting a sample costs some ten times what reading a value does. */
    private static final int VALUES_A_SAMPLE = 64;

    private final RadixSelector selector = new RadixSelector();
    private final ViewKeys keys = new ViewKeys();
    private final int[] sample = new int[SAMPLES];
    private int[] scratch = new int[0];

    /** Ready to use. */
    public ViewSelection() {}

    /**
     * Writes the k selected indices of the first n values, ascending, to {@code selected[at ...]}.
     *
     * @param k 0 &lt;= k &lt;= n
     */
    public void selectLargest(FloatBuffer values, int n, int k, IntBuffer selected, int at) {
        if (scratch.length < k) {
            scratch = new int[k];
        }
        CutHint hint = new CutHint();
        hint.startAt(guess(values, n, k));
        selector.select(keys.over(values, n), k, hint, scratch, 0);
        keys.release();
        selected.put(at, scratch, 0, k);
    }

    /**
     * Counts the first n values by the upper 11 bits of their magnitude, 8 of exponent and 3 of mantissa; NaN in bucket 2040.
     *
     * @param counts receives {@link #BUCKETS} numbers
     */
    public void histogram(FloatBuffer values, int n, IntBuffer counts) {
        counts.put(0, selector.upperBits(keys.over(values, n)), 0, BUCKETS);
        keys.release();
    }

    /** The key at a rank of the sample that lies six standard deviations beyond the expected one; 0 where none does. */
    private int guess(FloatBuffer values, int n, int k) {
        int drawn = Math.min(SAMPLES, n / VALUES_A_SAMPLE);
        for (int j = 0; j < drawn; j++) {
            sample[j] = KeySource.key(values.get((int) ((long) j * n / drawn)));
        }
        Arrays.sort(sample, 0, drawn);
        double expected = n == 0 ? 0 : (double) k * drawn / n;
        int rank = (int) (expected + 6 * Math.sqrt(expected) + 8);
        return rank >= drawn ? 0 : sample[drawn - 1 - rank];
    }
}
