package org.dl4jscape.core.step;

import java.nio.FloatBuffer;
import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm: one update of one rank. {@link #run} reads as the steps of SCAPE.
 *
 * <p>All ranks call {@link #run} equally often; a rank without data calls it with no gradient and weight 0 until the outcome
 * is {@link StepOutcome#FINISHED}. Belongs to the training thread. Allocates nothing once its buffers have grown to the
 * largest mask. After an exception the state is not usable any more; resume from a checkpoint.
 *
 * <p>Source: SCAPE, arXiv 2607.01678; the equations are a reconstruction (site, The algorithm, says what is whose).
 */
public final class ScapeStep {
    private final ScapeConfig config;
    private final RankState state;
    private final GroupAgreement agreement;
    private final GradientIntake intake;
    private final MaskExchange masks;
    private final ParameterExchange exchange;
    private final LookAhead lookAhead;
    private final StepReport report;

    /**
     * Joins the parts of one rank.
     *
     * @param config the same on all ranks
     * @param layout the same on all ranks
     * @param state this rank's state, changed by every step
     * @param collectives connected to all ranks
     * @param kernels for the training thread
     * @param listeners called after every applied step
     */
    public ScapeStep(
            ScapeConfig config,
            ShardLayout layout,
            RankState state,
            Collectives collectives,
            Kernels kernels,
            List<StepListener> listeners) {
        this.config = config;
        this.state = state;
        agreement = new GroupAgreement(collectives);
        intake = new GradientIntake(layout, kernels, collectives);
        masks = new MaskExchange(config, layout, kernels, collectives);
        exchange = new ParameterExchange(config, layout, kernels, collectives);
        lookAhead = new LookAhead(config, layout);
        report = new StepReport(config, layout, collectives.stats(), listeners);
    }

    /**
     * One step.
     *
     * @param parameters the model's flat parameters, at least d values; changed where the mask is set
     * @param gradient gradient of the mean loss over this rank's examples, d values, read only; null with weight 0
     * @param weight number of this rank's examples, 0 if it has none
     * @param loss mean loss over this rank's examples; reported, not used
     * @param rates learning rate of each block in this step
     * @return what was done, the same on all ranks
     * @throws IllegalArgumentException when the weight is negative or not finite, or positive without a whole gradient
     */
    public StepOutcome run(
            FloatBuffer parameters, @Nullable FloatBuffer gradient, double weight, double loss, LearningRates rates) {
        report.begin();
        intake.check(gradient, weight);
        settle(parameters);
        boolean skips = config.nonFinite() == NonFinitePolicy.SKIP_STEP;
        int nonFinite = skips && gradient != null ? intake.countNonFinite(gradient) : 0;
        agreement.exchange(state.step + 1, weight, loss, nonFinite);
        report.mark(StepPhase.AGREE);
        if (agreement.totalWeight() == 0) {
            return StepOutcome.FINISHED;
        }
        if (agreement.nonFinite() > 0) {
            state.skippedSteps++;
            lookAhead.move(state, parameters, rates);
            return StepOutcome.SKIPPED;
        }
        state.step++;

        if (gradient != null && weight > 0) {
            intake.accumulate(state, gradient, agreement.ownShare());
        }
        report.mark(StepPhase.ACCUMULATE);
        Mask mask = masks.settle(state);
        report.mark(StepPhase.MASK_WAIT);
        exchange.pack(state, mask);
        report.mark(StepPhase.PACK);
        exchange.reduce(mask);
        report.mark(StepPhase.REDUCE_SCATTER);
        double clipScale = exchange.update(state, mask, parameters, rates);
        report.mark(StepPhase.UPDATE);
        exchange.gather(mask);
        report.mark(StepPhase.ALL_GATHER);
        report.measureUpdate(state, mask, exchange.parameters(), parameters);
        exchange.unpack(mask, parameters);
        report.mark(StepPhase.UNPACK);
        masks.makeNext(state);
        report.mark(StepPhase.NEXT_MASK);

        lookAhead.sent(state, mask);
        lookAhead.move(state, parameters, rates);
        report.complete(state, agreement, mask, masks.overlap(), clipScale);
        return StepOutcome.APPLIED;
    }

    /** Puts the exact parameters into the view, where look-ahead has moved it; call before evaluation or save. */
    public void settle(FloatBuffer parameters) {
        lookAhead.restore(parameters);
    }

    /** Waits for the mask under way, so that the state is complete: call before a checkpoint. Returns the state. */
    public RankState settledState() {
        masks.settle(state);
        return state;
    }

    /**
     * Continues from a snapshot: call after {@link RankState#restore}, with the parameters of the checkpoint in the view.
     *
     * @param rates those of the last call of {@link #run} before the snapshot
     */
    public void resume(FloatBuffer parameters, LearningRates rates) {
        lookAhead.move(state, parameters, rates);
    }

    /** Copies the exact parameters, d values, also while look-ahead has moved the view. */
    public void readExact(FloatBuffer parameters, float[] into) {
        lookAhead.readExact(parameters, into);
    }

    /** Means of the last step, aligned with its mask; for tests. */
    float[] lastMeans() {
        return exchange.means();
    }
}
