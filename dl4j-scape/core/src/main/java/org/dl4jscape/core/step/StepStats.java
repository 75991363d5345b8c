package org.dl4jscape.core.step;

import java.util.Arrays;
import org.dl4jscape.core.exchange.PayloadKind;

/**
 * Facts about the last step; one object, overwritten by every step. A listener copies what it wants to keep.
 */
public final class StepStats {
    private final long[] nanos = new long[StepPhase.values().length];
    private final long[] sent = new long[PayloadKind.values().length];
    int step;
    int parameterCount;
    int maskedCount;
    double loss;
    double totalWeight;
    double clipScale;
    double maskOverlap;
    int maskAge;
    double residualNorm = Double.NaN;
    double momentNorm = Double.NaN;
    double updateNorm = Double.NaN;
    double everSentShare = Double.NaN;
    private long markNs;

    /** Starts the clock of a step. */
    void begin() {
        Arrays.fill(nanos, 0);
        markNs = System.nanoTime();
    }

    /** Books the time since the last mark. */
    void mark(StepPhase phase) {
        long now = System.nanoTime();
        nanos[phase.ordinal()] += now - markNs;
        markNs = now;
    }

    void setSent(PayloadKind kind, long bytes) {
        sent[kind.ordinal()] = bytes;
    }

    /** Number of the step, 1 for the first. */
    public int step() {
        return step;
    }

    /** Mean loss over the examples of all ranks, as they reported it. */
    public double loss() {
        return loss;
    }

    /** Examples of all ranks in this step. */
    public double totalWeight() {
        return totalWeight;
    }

    /** Share of the parameters that were sent, in [0, 1]. */
    public double density() {
        return parameterCount == 0 ? 0 : (double) maskedCount / parameterCount;
    }

    /** Number of coordinates that were sent, of all shards. */
    public int maskedCount() {
        return maskedCount;
    }

    /** Share of the mask that was in the mask before it too, in [0, 1]. */
    public double maskOverlap() {
        return maskOverlap;
    }

    /** Steps since the mask was made: 1 for a fresh one, more between refreshes, 0 where everything is sent. */
    public int maskAge() {
        return maskAge;
    }

    /** Factor of global clipping, 1 where nothing was clipped. */
    public double clipScale() {
        return clipScale;
    }

    /** L2 norm of this rank's residual, NaN in steps without costly statistics. */
    public double residualNorm() {
        return residualNorm;
    }

    /** L2 norm of the first moment in this rank's state, NaN in steps without costly statistics. */
    public double momentNorm() {
        return momentNorm;
    }

    /**
     * L2 norm of the change of the parameters in this step, all ranks' shards, the same on every rank; NaN in steps without
     * costly statistics.
     */
    public double updateNorm() {
        return updateNorm;
    }

    /**
     * {@link #residualNorm} over {@link #momentNorm}: how much is waiting, measured by what is under way; NaN in steps
     * without costly statistics.
     */
    public double residualShare() {
        return residualNorm / momentNorm;
    }

    /** Share of this rank's state sent since the dense warm-up, NaN in steps without costly statistics. */
    public double everSentShare() {
        return everSentShare;
    }

    /** Nanoseconds spent in one phase. */
    public long nanos(StepPhase phase) {
        return nanos[phase.ordinal()];
    }

    /** Bytes that this rank has sent in this step, as the transport counts them. */
    public long bytesSent(PayloadKind kind) {
        return sent[kind.ordinal()];
    }
}
