package org.dl4jscape.core.step;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;

/** The optimizer over the masked coordinates of some shards, and the global norm before it. */
final class ShardUpdate {
    private final ScapeConfig config;
    private final ShardLayout layout;
    private final Kernels kernels;
    private final Collectives collectives;
    private final UpdateRule rule;
    private final UpdateCall call = new UpdateCall();
    private final ByteBuffer ownNorm = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBlocks norms;

    ShardUpdate(ScapeConfig config, ShardLayout layout, Kernels kernels, Collectives collectives) {
        this.config = config;
        this.layout = layout;
        this.kernels = kernels;
        this.collectives = collectives;
        norms = new ByteBlocks(layout.worldSize());
        rule = switch (config.catchUp().kind()) {
            case NONE -> UpdateRule.NONE;
            case CAPPED -> UpdateRule.CAPPED;
            case CLOSED_FORM -> UpdateRule.CLOSED_FORM;
        };
    }

    /**
     * Factor of global clipping: min(1, C / norm). Partial sums are formed per rank and added in rank order, so both
     * layouts get the same bits.
     */
    double clipScale(RankState state, Mask mask, ExchangeBuffers buffers, boolean replicated) {
        double sum = 0;
        if (replicated) {
            for (int rank = 0; rank < layout.worldSize(); rank++) {
                sum += squaredNorm(rank, state, mask, buffers);
            }
        } else {
            ownNorm.putDouble(0, squaredNorm(collectives.group().rank(), state, mask, buffers));
            collectives.allGatherAsync(PayloadKind.CONTROL, ownNorm.array(), 8).await(norms);
            for (int rank = 0; rank < layout.worldSize(); rank++) {
                sum += norms.doubleAt(rank, 0);
            }
        }
        return Math.min(1, config.globalClipNorm() / Math.sqrt(sum));
    }

    private double squaredNorm(int rank, RankState state, Mask mask, ExchangeBuffers buffers) {
        double sum = 0;
        List<Segment> segments = layout.segments(rank);
        for (int s = 0; s < segments.size(); s++) {
            if (aim(segments.get(s), rank, state, mask, buffers)) {
                sum += kernels.squaredNorm(call);
            }
        }
        return sum;
    }

    /** Updates moment, age and the parameters in the buffers, on one rank's shard. */
    void apply(int rank, RankState state, Mask mask, ExchangeBuffers buffers, double clipScale, LearningRates rates) {
        List<Segment> segments = layout.segments(rank);
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            if (aim(segment, rank, state, mask, buffers)) {
                double rate = rates.of(segment.block());
                double decay = layout.parameters()
                        .blocks()
                        .get(segment.block())
                        .optimizer()
                        .weightDecay();
                call.learningRate = (float) rate;
                call.decay = (float) (1 - rate * decay);
                call.clipScale = (float) clipScale;
                kernels.update(call);
            }
        }
    }

    /** Points the call at the masked coordinates of a segment; false if there are none. */
    private boolean aim(Segment segment, int rank, RankState state, Mask mask, ExchangeBuffers buffers) {
        call.from = mask.lowerBound(rank, segment.range().start());
        call.to = mask.lowerBound(rank, segment.range().end());
        if (call.from == call.to) {
            return false;
        }
        call.at = call.from;
        call.indices = mask.indices();
        call.noise = mask.noise();
        call.shift = state.shift(segment);
        call.packed = buffers.means();
        call.parameters = buffers.parameters();
        call.moment = state.moment;
        call.lastSent = state.lastSent;
        call.step = state.step;
        setHyperParameters(layout.parameters().blocks().get(segment.block()), state.step);
        return true;
    }

    private void setHyperParameters(ParameterBlock block, int step) {
        AdamSConfig optimizer = block.optimizer();
        double beta1 = optimizer.beta1();
        double beta2 = optimizer.beta2();
        call.setBeta1(beta1);
        call.beta2 = (float) beta2;
        call.oneMinusBeta2 = (float) (1 - beta2);
        call.epsilon = (float) optimizer.epsilon();
        call.correction = optimizer.biasCorrection() ? (float) (1 - StrictMath.pow(beta1, step)) : 1f;
        call.cap = config.catchUp().cap();
        double kappa = 1 - beta2 + beta2 * (1 - beta1) / (1 + beta1);
        call.noiseFactor = (float) (kappa / layout.worldSize());
        call.rule = block.role() == BlockRole.STATISTIC ? UpdateRule.SUBTRACT : rule;
    }
}
