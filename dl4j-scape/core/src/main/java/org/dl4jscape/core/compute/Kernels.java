package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;

/**
 * The loops of a step that touch every coordinate or every masked coordinate.
 *
 * <p>Two index spaces: <i>global</i>, a position in the flat parameter vector, and <i>local</i>, a position in the compact
 * state of a shard; {@code local = global - shift}. Ranges are half-open. Every implementation gives the bits of {@link
 * ReferenceKernels}: fp32 arithmetic in the written order, no fused multiply-add.
 *
 * <p>An instance may keep scratch memory and hints that influence its speed, never its results; it belongs to one thread.
 * Model views are {@link FloatBuffer}s (direct or heap), accessed at absolute positions only; position and limit of the
 * buffer are ignored but for bounds.
 */
public interface Kernels {
    /** Name by which a user selects it, such as {@code reference}. */
    String name();

    /**
     * Adds the scaled gradient to the residual: {@code residual[i] += scale * gradient[i]} for global i in [from, to).
     *
     * @return number of gradient values in the range that are NaN or infinite
     */
    int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale);

    /** Number of values in [from, to) that are NaN or infinite. */
    int countNonFinite(FloatBuffer gradient, int from, int to);

    /** Tracks the mean square: {@code noise[i - shift] = decay * noise[i - shift] + (1 - decay) * gradient[i]^2}. */
    void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay);

    /** Writes the selection statistic of the range that the call names to {@code statistic[at ...]}; see {@link StatisticCall}. */
    void statistic(StatisticCall call, float[] statistic, int at);

    /**
     * Selects the k values of largest magnitude; of equal magnitudes the lowest index wins. NaN counts as larger than
     * infinity; -0.0 equals 0.0.
     *
     * @param values read from index 0 to n
     * @param k 0 &lt;= k &lt;= n
     * @param selected receives k indices in [0, n), ascending, from position {@code at}
     */
    void selectLargest(float[] values, int n, int k, int[] selected, int at);

    /**
     * Selects, over the ranges of the call, the k coordinates whose statistic has the largest magnitude, by the order of
     * {@link #selectLargest}, and leaves their global indices in {@link SelectionCall#selected()}.
     *
     * <p>This composition writes the statistic of all ranges down; an implementation may select while it computes.
     */
    default void select(SelectionCall call) {
        float[] values = call.values();
        int n = 0;
        for (int r = 0; r < call.rangeCount(); r++) {
            call.statistic.from = call.start(r);
            call.statistic.to = call.end(r);
            statistic(call.statistic, values, n);
            n += call.end(r) - call.start(r);
        }
        int[] selected = call.selected();
        selectLargest(values, n, call.k, selected, 0);
        int base = 0;
        int j = 0;
        for (int r = 0; r < call.rangeCount(); r++) {
            int length = call.end(r) - call.start(r);
            for (; j < call.k && selected[j] < base + length; j++) {
                selected[j] += call.start(r) - base;
            }
            base += length;
        }
    }

    /**
     * Takes masked residuals out, for j in [from, to): {@code packed[at + j - from] = residual[indices[j]]}, then {@code
     * residual[indices[j]] = 0}.
     */
    void pack(float[] residual, int[] indices, int from, int to, float[] packed, int at);

    /** Reads masked values, for j in [from, to): {@code packed[at + j - from] = source[indices[j]]}. */
    void gather(FloatBuffer source, int[] indices, int from, int to, float[] packed, int at);

    /** Writes masked values, for j in [from, to): {@code target[indices[j]] = packed[at + j - from]}. */
    void scatter(float[] packed, int at, int[] indices, int from, int to, FloatBuffer target);

    /** Multiplies {@code values[from .. to)} by {@code factor}. */
    void scale(float[] values, int from, int to, float factor);

    /** The optimizer on the masked coordinates of one block of one shard; see {@link UpdateCall} for operands and formulas. */
    void update(UpdateCall call);

    /**
     * Sum of the squares of the reconstructed gradients that {@link #update} would use, in double precision, added in index
     * order: the contribution of one block to the global norm.
     */
    double squaredNorm(UpdateCall call);
}
