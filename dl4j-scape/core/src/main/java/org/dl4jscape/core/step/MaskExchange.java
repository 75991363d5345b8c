package org.dl4jscape.core.step;

import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.PendingGather;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;
import org.dl4jscape.core.mask.MaskMessage;
import org.dl4jscape.core.mask.MaskSelector;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * Makes the mask of the own shard at the end of a step and gathers those of all ranks while the model computes.
 *
 * <p>A mask is made at the end of step t where t &gt;= W and (t - W) mod R = 0, and is used from step t + 1 on (SCAPE [S]:
 * one step later, so that its exchange hides behind compute).
 */
final class MaskExchange {
    private final ScapeConfig config;
    private final ShardLayout layout;
    private final Collectives collectives;
    private final int rank;
    private final MaskSelector selector;
    private final MaskMessage message;
    private final ValueCodec noiseCodec;
    private final StatisticCall statistic = new StatisticCall();
    private final ByteBlocks blocks;
    private final boolean closedForm;
    private final boolean replicated;
    private float[] ownNoise = new float[0];
    private Mask spare;
    private @Nullable PendingGather pending;
    private int pendingMadeInStep;
    private double overlap = 1;

    MaskExchange(ScapeConfig config, ShardLayout layout, Kernels kernels, Collectives collectives) {
        this.config = config;
        this.layout = layout;
        this.collectives = collectives;
        rank = collectives.group().rank();
        closedForm = config.catchUp().kind() == CatchUp.Kind.CLOSED_FORM;
        replicated = config.sharding() == ShardingMode.REPLICATED;
        selector = new MaskSelector(layout, rank, kernels);
        message = new MaskMessage(layout, closedForm && replicated ? config.noisePrecision() : null);
        noiseCodec = ValueCodec.of(config.noisePrecision());
        blocks = new ByteBlocks(layout.worldSize());
        spare = new Mask(layout.worldSize());
    }

    /** The mask of the step to come; waits for its gather if one is under way. */
    Mask settle(RankState state) {
        PendingGather gather = pending;
        if (gather == null) {
            return state.mask;
        }
        pending = null;
        gather.await(blocks);
        Mask next = spare;
        for (int r = 0; r < layout.worldSize(); r++) {
            message.decode(blocks.array(), blocks.offset(r), blocks.length(r), next, r);
        }
        next.setMadeInStep(pendingMadeInStep);
        if (closedForm) {
            System.arraycopy(ownNoise, 0, next.noise(), next.start(rank), selector.count());
        }
        overlap = next.overlap(state.mask);
        // The mask of everything is large and comes but once: let it go.
        spare = state.mask.madeInStep() == 0 ? new Mask(layout.worldSize()) : state.mask;
        state.mask = next;
        return next;
    }

    /** Share of the current mask that was in the one before it. */
    double overlap() {
        return overlap;
    }

    /** Selects and sends, if a mask is due at the end of this step. */
    void makeNext(RankState state) {
        DensitySchedule schedule = config.density();
        int sinceWarmup = state.step - schedule.warmupSteps();
        boolean due = sinceWarmup >= 0 && sinceWarmup % config.maskRefreshInterval() == 0;
        double density = schedule.densityAt(state.step + 1L);
        boolean allAlready = density == 1 && state.mask.madeInStep() == 0;
        if (!due || allAlready) {
            return;
        }
        statistic.residual = state.residual;
        statistic.moment = state.moment;
        statistic.lastSent = closedForm ? state.lastSent : null;
        statistic.step = state.step;
        selector.select(statistic, density, replicated);
        if (closedForm) {
            collectNoise(state);
        }
        int length = message.encode(rank, selector.selected(), selector.count(), ownNoise);
        pendingMadeInStep = state.step;
        pending = collectives.allGatherAsync(PayloadKind.MASK, message.bytes(), length);
    }

    /** rhat = q / (1 - 0.99^n), rounded as it travels, on the selected coordinates, at the end of the step that made the mask. */
    private void collectNoise(RankState state) {
        int count = selector.count();
        if (ownNoise.length < count) {
            ownNoise = new float[Math.max(count, 2 * ownNoise.length)];
        }
        double covered = 1 - StrictMath.pow(GradientIntake.NOISE_DECAY_EXACT, state.noiseSteps);
        float correction = state.noiseSteps == 0 ? 1f : (float) covered;
        int j = 0;
        List<Piece> pieces = layout.pieces(rank);
        for (int p = 0; p < pieces.size(); p++) {
            Piece piece = pieces.get(p);
            int shift = state.tracksAllNoise() ? 0 : piece.shift();
            while (j < count && selector.selected()[j] < piece.range().end()) {
                ownNoise[j] = state.noise[selector.selected()[j] - shift] / correction;
                j++;
            }
        }
        noiseCodec.round(ownNoise, 0, count);
    }
}
