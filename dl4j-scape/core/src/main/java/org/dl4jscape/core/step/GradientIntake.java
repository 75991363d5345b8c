package org.dl4jscape.core.step;

import java.nio.FloatBuffer;
import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;
import org.jspecify.annotations.Nullable;

/** Takes a gradient into the residual and, for the closed form, into the noise estimate. */
final class GradientIntake {
    static final double NOISE_DECAY_EXACT = 0.99;
    private static final float NOISE_DECAY = (float) NOISE_DECAY_EXACT;

    private final List<ParameterBlock> blocks;
    private final List<Segment> owned;
    private final int length;
    private final Kernels kernels;
    private final Collectives collectives;

    GradientIntake(ShardLayout layout, Kernels kernels, Collectives collectives) {
        blocks = layout.parameters().blocks();
        length = layout.parameters().length();
        owned = layout.segments(collectives.group().rank());
        this.kernels = kernels;
        this.collectives = collectives;
    }

    /** Refuses a weight that is no number of examples, and a weight without a whole gradient. */
    void check(@Nullable FloatBuffer gradient, double weight) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    "weight=" + weight + " (expected: finite and >= 0, the number of this rank's examples)");
        }
        int values = gradient == null ? 0 : gradient.limit();
        if (weight > 0 && values < length) {
            throw new IllegalArgumentException("the gradient has " + values + " values (expected: " + length
                    + ", one a parameter); pass weight 0 where a rank has no data");
        }
    }

    int countNonFinite(FloatBuffer gradient) {
        int count = 0;
        for (int b = 0; b < blocks.size(); b++) {
            ParameterBlock block = blocks.get(b);
            if (block.role() != BlockRole.FROZEN) {
                count += kernels.countNonFinite(
                        gradient, block.range().start(), block.range().end());
            }
        }
        return count;
    }

    /** e += (1 - beta1) * share * g; a rank whose gradient is not finite takes all ranks down. */
    void accumulate(RankState state, FloatBuffer gradient, double share) {
        for (int b = 0; b < blocks.size(); b++) {
            ParameterBlock block = blocks.get(b);
            if (block.role() == BlockRole.FROZEN) {
                continue;
            }
            double unit = block.role() == BlockRole.STATISTIC
                    ? 1
                    : 1 - block.optimizer().beta1();
            int nonFinite = kernels.accumulate(
                    state.residual,
                    gradient,
                    block.range().start(),
                    block.range().end(),
                    (float) (unit * share));
            if (nonFinite > 0) {
                int rank = collectives.group().rank();
                NonFiniteGradientException failure =
                        new NonFiniteGradientException(rank, block.name(), nonFinite, state.step);
                collectives.abort(String.valueOf(failure.getMessage()));
                throw failure;
            }
        }
        if (state.noise.length > 0) {
            trackNoise(state, gradient);
        }
    }

    private void trackNoise(RankState state, FloatBuffer gradient) {
        state.noiseSteps++;
        if (state.tracksAllNoise()) {
            kernels.trackNoise(state.noise, 0, gradient, 0, state.residual.length, NOISE_DECAY);
            return;
        }
        for (int s = 0; s < owned.size(); s++) {
            Segment segment = owned.get(s);
            if (segment.role() == BlockRole.SPARSE) {
                int from = segment.range().start();
                kernels.trackNoise(
                        state.noise,
                        state.noiseShift(segment),
                        gradient,
                        from,
                        segment.range().end(),
                        NOISE_DECAY);
            }
        }
    }
}
