package org.dl4jscape.core.step;

import java.nio.FloatBuffer;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;
import org.dl4jscape.core.pack.ValueCodec;

/** The walk of the packed values: out of the residual, through the group, past the optimizer, into the parameters. */
final class ParameterExchange {
    private final ScapeConfig config;
    private final Kernels kernels;
    private final Collectives collectives;
    private final ValueCodec gradientCodec;
    private final MasterParameters masters;
    private final ShardUpdate update;
    private final ExchangeBuffers buffers = new ExchangeBuffers();
    private final boolean replicated;
    private final int rank;
    private final int worldSize;
    private float[] sent = new float[0];

    ParameterExchange(ScapeConfig config, ShardLayout layout, Kernels kernels, Collectives collectives) {
        this.config = config;
        this.kernels = kernels;
        this.collectives = collectives;
        replicated = config.sharding() == ShardingMode.REPLICATED;
        rank = collectives.group().rank();
        worldSize = layout.worldSize();
        gradientCodec = ValueCodec.of(config.gradientPrecision());
        masters = new MasterParameters(layout, rank, ValueCodec.of(config.parameterPrecision()));
        update = new ShardUpdate(config, layout, kernels, collectives);
    }

    /**
     * packed = e[I]; e[I] = 0, or the rounding error where values travel in less than fp32. What is too large for the format
     * goes as its largest value, and the rest waits in the residual.
     */
    void pack(RankState state, Mask mask) {
        buffers.ensureCapacity(mask.size());
        float[] packed = buffers.packed();
        kernels.pack(state.residual, mask.indices(), 0, mask.size(), packed, 0);
        if (config.gradientPrecision() != WirePrecision.FP32) {
            if (sent.length < mask.size()) {
                sent = new float[mask.size()];
            }
            System.arraycopy(packed, 0, sent, 0, mask.size());
            gradientCodec.round(packed, 0, mask.size());
            float largest = config.gradientPrecision().largest();
            for (int j = 0; j < mask.size(); j++) {
                packed[j] = Math.max(-largest, Math.min(largest, packed[j]));
                state.residual[mask.indices()[j]] = sent[j] - packed[j];
            }
        }
    }

    /** means = REDUCE_SCATTER_mean(packed) on the own shard; on all shards when replicated. */
    void reduce(Mask mask) {
        float[] means = buffers.means();
        collectives.reduceScatter(buffers.packed(), mask.offsets(), config.gradientPrecision(), means);
        int own = mask.end(rank) - mask.start(rank);
        System.arraycopy(means, 0, means, mask.start(rank), own);
        for (int j = mask.start(rank); j < mask.end(rank); j++) {
            means[j] /= worldSize;
        }
        if (replicated) {
            collectives.allGather(means, mask.offsets(), WirePrecision.FP32);
        }
    }

    /** Clips, and updates the own shard; all shards when replicated. Returns the clip factor. */
    double update(RankState state, Mask mask, FloatBuffer parameters, LearningRates rates) {
        int from = replicated ? 0 : mask.start(rank);
        int to = replicated ? mask.size() : mask.end(rank);
        kernels.gather(parameters, mask.indices(), from, to, buffers.parameters(), from);
        if (state.master.length > 0) {
            masters.read(state, mask, rank, buffers.parameters());
        }
        double clipScale = config.clipsGlobally() ? update.clipScale(state, mask, buffers, replicated) : 1;
        for (int r = replicated ? 0 : rank; r <= (replicated ? worldSize - 1 : rank); r++) {
            update.apply(r, state, mask, buffers, clipScale, rates);
        }
        if (state.master.length > 0) {
            masters.write(state, mask, rank, buffers.parameters());
        }
        return clipScale;
    }

    /** ALL_GATHER(theta[I]); nothing to do when replicated. */
    void gather(Mask mask) {
        if (!replicated) {
            collectives.allGather(buffers.parameters(), mask.offsets(), config.parameterPrecision());
        }
    }

    /** theta[I] into the model's view. */
    void unpack(Mask mask, FloatBuffer parameters) {
        kernels.scatter(buffers.parameters(), 0, mask.indices(), 0, mask.size(), parameters);
    }

    /** The parameters of the mask after {@link #gather}, aligned with its positions. */
    float[] parameters() {
        return buffers.parameters();
    }

    /** Means of the last step, aligned with its mask: complete on the own shard, or everywhere when replicated. */
    float[] means() {
        return buffers.means();
    }
}
