package org.dl4jscape.dl4j;

import java.util.Map;
import java.util.Objects;
import org.dl4jscape.core.config.AdamSConfig;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * AdamS as a Deeplearning4j updater: usable alone with plain {@code net.fit}, and the source of the hyper-parameters when a
 * network is trained by SCAPE.
 *
 * <p>Keeps one value of state a parameter, half of Adam. Learning rates as for Adam. Weight decay is the layer's own
 * ({@code weightDecay(..)} of the layer or network builder), decoupled as in AdamW.
 *
 * <p>Source: AdamS, arXiv 2505.16363 [S].
 */
public final class AdamS implements IUpdater {
    private static final long serialVersionUID = 1L;

    /** Learning rate where none is given. */
    public static final double DEFAULT_LEARNING_RATE = 1e-3;

    private double learningRate = DEFAULT_LEARNING_RATE;
    private @Nullable ISchedule learningRateSchedule;
    private double beta1 = AdamSConfig.defaults().beta1();
    private double beta2 = AdamSConfig.defaults().beta2();
    private double epsilon = AdamSConfig.defaults().epsilon();
    private boolean biasCorrection = true;

    /** All defaults. */
    public AdamS() {}

    /** One learning rate, finite and at least 0. */
    public AdamS(double learningRate) {
        checkRate(learningRate);
        this.learningRate = learningRate;
    }

    /** A learning rate that changes. */
    public AdamS(ISchedule learningRateSchedule) {
        this.learningRateSchedule = learningRateSchedule;
    }

    /** The hyper-parameters as the core knows them; weight decay 0, since that is the layer's. */
    public AdamSConfig toConfig() {
        return new AdamSConfig(beta1, beta2, epsilon, 0, biasCorrection);
    }

    @Override
    public long stateSize(long numParams) {
        return numParams;
    }

    @Override
    @SuppressWarnings("rawtypes") // the interface is declared raw
    public GradientUpdater instantiate(INDArray viewArray, boolean initializeViewArray) {
        AdamSUpdater updater = new AdamSUpdater(this);
        updater.setStateViewArray(viewArray, viewArray.shape(), viewArray.ordering(), initializeViewArray);
        return updater;
    }

    @Override
    @SuppressWarnings("rawtypes") // the interface is declared raw
    public GradientUpdater instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        AdamSUpdater updater = new AdamSUpdater(this);
        updater.setState(updaterState, initializeStateArrays);
        return updater;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        ISchedule schedule = learningRateSchedule;
        return schedule == null ? learningRate : schedule.valueAt(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    /** Deeplearning4j passes NaN as the rate where it sets a schedule. */
    @Override
    public void setLrAndSchedule(double rate, @Nullable ISchedule schedule) {
        if (schedule == null) {
            checkRate(rate);
        }
        learningRate = rate;
        learningRateSchedule = schedule;
    }

    @Override
    public AdamS clone() {
        AdamS copy = new AdamS();
        copy.learningRate = learningRate;
        copy.learningRateSchedule = learningRateSchedule == null ? null : learningRateSchedule.clone();
        copy.beta1 = beta1;
        copy.beta2 = beta2;
        copy.epsilon = epsilon;
        copy.biasCorrection = biasCorrection;
        return copy;
    }

    /** The fixed learning rate; NaN where a schedule was set in its place. */
    public double getLearningRate() {
        return learningRate;
    }

    /** Sets the fixed learning rate, finite and at least 0; NaN only to say that a schedule holds. */
    public void setLearningRate(double value) {
        if (!Double.isNaN(value)) {
            checkRate(value);
        }
        learningRate = value;
    }

    private static void checkRate(double rate) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "learningRate=" + rate + " (expected: finite and >= 0); 1e-3 is a good start");
        }
    }

    /** The schedule, or null: the fixed rate holds. */
    public @Nullable ISchedule getLearningRateSchedule() {
        return learningRateSchedule;
    }

    /** Sets the schedule; null: the fixed rate holds. */
    public void setLearningRateSchedule(@Nullable ISchedule value) {
        learningRateSchedule = value;
    }

    /** Decay of the first moment. */
    public double getBeta1() {
        return beta1;
    }

    /** Sets the decay of the first moment, in [0, 1). */
    public void setBeta1(double value) {
        beta1 = new AdamSConfig(value, beta2, epsilon, 0, biasCorrection).beta1();
    }

    /** Decay of the second-moment quantity. */
    public double getBeta2() {
        return beta2;
    }

    /** Sets the decay of the second-moment quantity, in [0, 1). */
    public void setBeta2(double value) {
        beta2 = new AdamSConfig(beta1, value, epsilon, 0, biasCorrection).beta2();
    }

    /** Added outside the root. */
    public double getEpsilon() {
        return epsilon;
    }

    /** Sets what is added outside the root, &gt; 0. */
    public void setEpsilon(double value) {
        epsilon = new AdamSConfig(beta1, beta2, value, 0, biasCorrection).epsilon();
    }

    /** Whether the first moment is bias-corrected. */
    public boolean isBiasCorrection() {
        return biasCorrection;
    }

    /** Sets whether the first moment is bias-corrected. */
    public void setBiasCorrection(boolean value) {
        biasCorrection = value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdamS that
                && Double.compare(learningRate, that.learningRate) == 0
                && Objects.equals(learningRateSchedule, that.learningRateSchedule)
                && toConfig().equals(that.toConfig());
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(learningRate) + toConfig().hashCode();
    }

    @Override
    public String toString() {
        return "AdamS(learningRate=" + (learningRateSchedule == null ? learningRate : learningRateSchedule) + ", "
                + toConfig() + ")";
    }
}
