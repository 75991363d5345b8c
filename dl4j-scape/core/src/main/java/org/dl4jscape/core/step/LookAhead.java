package org.dl4jscape.core.step;

import java.nio.FloatBuffer;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;

/**
 * Moves the parameters, for the forward and backward pass only, to where this rank's pending updates will lead [O]:
 * {@code theta - lr*G / (sqrt(b2*(G/tau)^2 + kappa*rhat/N) + eps)}, {@code G = e / ((1-b1)*N)}.
 *
 * <p>tau is kept by every rank for all of d, since masks are known to all. Memory: one copy of theta and one int a
 * parameter. Where the configuration leaves it off, the view is always exact and nothing is kept.
 */
final class LookAhead {
    private final ShardLayout layout;
    private final boolean enabled;
    private final float[] exact;
    private boolean moved;

    LookAhead(ScapeConfig config, ShardLayout layout) {
        this.layout = layout;
        enabled = config.lookAhead();
        exact = new float[enabled ? layout.parameters().length() : 0];
    }

    /** Remembers which coordinates were sent in this step. */
    void sent(RankState state, Mask mask) {
        for (int j = 0; enabled && j < mask.size(); j++) {
            state.sentSteps[mask.indices()[j]] = state.step;
        }
    }

    /** The exact parameters, wherever the view is. */
    void readExact(FloatBuffer parameters, float[] into) {
        if (moved) {
            System.arraycopy(exact, 0, into, 0, exact.length);
        } else {
            parameters.get(0, into);
        }
    }

    /** Puts the exact parameters back. */
    void restore(FloatBuffer parameters) {
        if (moved) {
            parameters.put(0, exact);
            moved = false;
        }
    }

    /** Keeps the exact parameters and moves the view, if it is not moved yet. */
    void move(RankState state, FloatBuffer parameters, LearningRates rates) {
        if (!enabled || moved) {
            return;
        }
        parameters.get(0, exact);
        moved = true;
        float correction =
                (float) (1 - StrictMath.pow(GradientIntake.NOISE_DECAY_EXACT, Math.max(1, state.noiseSteps)));
        for (int b = 0; b < layout.parameters().blocks().size(); b++) {
            ParameterBlock block = layout.parameters().blocks().get(b);
            if (block.role() == BlockRole.SPARSE) {
                moveBlock(block, (float) rates.of(b), correction, state, parameters);
            }
        }
    }

    private void moveBlock(
            ParameterBlock block, float rate, float correction, RankState state, FloatBuffer parameters) {
        AdamSConfig o = block.optimizer();
        float unit = (float) (1 / ((1 - o.beta1()) * layout.worldSize()));
        float beta2 = (float) o.beta2();
        double kappa = 1 - o.beta2() + o.beta2() * (1 - o.beta1()) / (1 + o.beta1());
        float noiseFactor = (float) (kappa / layout.worldSize()) / correction;
        for (int i = block.range().start(); i < block.range().end(); i++) {
            int age = state.step - state.sentSteps[i];
            if (age > 0) {
                float sum = state.residual[i] * unit;
                float q = sum / age;
                float v = beta2 * (q * q) + noiseFactor * state.noise[i];
                parameters.put(i, exact[i] - rate * sum / ((float) Math.sqrt(v) + (float) o.epsilon()));
            }
        }
    }
}
