package org.dl4jscape.core.step;

import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.TransportStats;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;

/** Fills {@link StepStats}: times by phase, bytes by kind, and from time to time the norms. */
final class StepReport {
    private static final PayloadKind[] KINDS = PayloadKind.values();

    private final ScapeConfig config;
    private final TransportStats transport;
    private final long[] sentBefore = new long[KINDS.length];
    private final StepStats stats = new StepStats();

    StepReport(ScapeConfig config, ShardLayout layout, TransportStats transport) {
        this.config = config;
        this.transport = transport;
        stats.parameterCount = layout.parameters().length();
    }

    void begin() {
        stats.begin();
    }

    void mark(StepPhase phase) {
        stats.mark(phase);
    }

    StepStats complete(RankState state, GroupAgreement agreement, Mask mask, double overlap, double clipScale) {
        stats.step = state.step;
        stats.maskedCount = mask.size();
        stats.loss = agreement.loss();
        stats.totalWeight = agreement.totalWeight();
        stats.maskOverlap = overlap;
        stats.clipScale = clipScale;
        for (PayloadKind kind : KINDS) {
            long sent = transport.bytesSent(kind);
            stats.setSent(kind, sent - sentBefore[kind.ordinal()]);
            sentBefore[kind.ordinal()] = sent;
        }
        int interval = config.statisticsInterval();
        boolean costly = interval > 0 && state.step % interval == 0;
        stats.residualNorm = costly ? norm(state.residual) : Double.NaN;
        stats.momentNorm = costly ? norm(state.moment) : Double.NaN;
        stats.everSentShare = costly ? everSent(state) : Double.NaN;
        return stats;
    }

    private double everSent(RankState state) {
        int sent = 0;
        for (int last : state.lastSent) {
            sent += last > config.density().warmupSteps() ? 1 : 0;
        }
        return state.lastSent.length == 0 ? 0 : (double) sent / state.lastSent.length;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
