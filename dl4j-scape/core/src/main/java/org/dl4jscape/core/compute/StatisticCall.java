package org.dl4jscape.core.compute;

import org.jspecify.annotations.Nullable;

/**
 * Operands of {@link Kernels#statistic}: a parameter struct, filled once per segment and used again, so that a step
 * allocates nothing.
 *
 * <p>For global i in [from, to), with local l = i - shift, in fp32:
 *
 * <pre>
 *   statistic[at + i - from] = (moment[l] + residual[i]) * w
 *   w = 1                                 where lastSent is null
 *   w = (float) sqrt(step - lastSent[l] + 1)   otherwise: age-weighted, so that nothing waits for ever
 * </pre>
 *
 * <p>Source: SCAPE takes masks from first-moment statistics [S]; that the unsent part belongs to it is inferred [I], the
 * age weight is ours [O].
 */
public final class StatisticCall {
    /** Residual of this rank, global index. */
    public float[] residual = new float[0];
    /** First moment, local index. */
    public float[] moment = new float[0];
    /** Step in which a coordinate was last sent, local index; null: not weighted by age. */
    public int @Nullable [] lastSent;
    /** The current step, 1 for the first. */
    public int step;
    /** Global index minus local index. */
    public int shift;
    /** First global index. */
    public int from;
    /** One past the last global index. */
    public int to;

    /** The statistic of one coordinate, by its global index. */
    float value(int i) {
        int local = i - shift;
        int[] sent = lastSent;
        float weight = sent == null ? 1f : (float) Math.sqrt(step - sent[local] + 1);
        return (moment[local] + residual[i]) * weight;
    }
}
