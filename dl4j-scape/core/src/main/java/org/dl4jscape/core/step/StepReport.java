package org.dl4jscape.core.step;

import java.nio.FloatBuffer;
import java.util.List;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.TransportStats;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;

/** Fills {@link StepStats}: times by phase, bytes by kind, and from time to time the norms; and tells the listeners. */
final class StepReport {
    private static final PayloadKind[] KINDS = PayloadKind.values();

    private final ScapeConfig config;
    private final TransportStats transport;
    private final List<StepListener> listeners;
    private final long[] sentBefore = new long[KINDS.length];
    private final StepStats stats = new StepStats();

    StepReport(ScapeConfig config, ShardLayout layout, TransportStats transport, List<StepListener> listeners) {
        this.config = config;
        this.transport = transport;
        this.listeners = List.copyOf(listeners);
        stats.parameterCount = layout.parameters().length();
    }

    void begin() {
        stats.begin();
    }

    void mark(StepPhase phase) {
        stats.mark(phase);
    }

    /** Measures how far the step moves the parameters, if norms are due; call before they are unpacked. */
    void measureUpdate(RankState state, Mask mask, float[] updated, FloatBuffer parameters) {
        double sum = 0;
        for (int j = 0; isDue(state) && j < mask.size(); j++) {
            double change = (double) updated[j] - parameters.get(mask.indices()[j]);
            sum += change * change;
        }
        stats.updateNorm = isDue(state) ? Math.sqrt(sum) : Double.NaN;
    }

    private boolean isDue(RankState state) {
        int interval = config.statisticsInterval();
        return interval > 0 && state.step % interval == 0;
    }

    /** Completes the facts of an applied step and tells every listener. */
    void complete(RankState state, GroupAgreement agreement, Mask mask, double overlap, double clipScale) {
        stats.step = state.step;
        stats.maskedCount = mask.size();
        stats.loss = agreement.loss();
        stats.totalWeight = agreement.totalWeight();
        stats.maskOverlap = overlap;
        stats.maskAge = mask.madeInStep() == 0 ? 0 : state.step - mask.madeInStep();
        stats.clipScale = clipScale;
        for (PayloadKind kind : KINDS) {
            long sent = transport.bytesSent(kind);
            stats.setSent(kind, sent - sentBefore[kind.ordinal()]);
            sentBefore[kind.ordinal()] = sent;
        }
        boolean costly = isDue(state);
        stats.residualNorm = costly ? norm(state.residual) : Double.NaN;
        stats.momentNorm = costly ? norm(state.moment) : Double.NaN;
        stats.everSentShare = costly ? everSent(state) : Double.NaN;
        for (int l = 0; l < listeners.size(); l++) {
            listeners.get(l).onStep(stats);
        }
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
