package org.dl4jscape.dl4j;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The state and the formula behind {@link AdamS} under plain {@code net.fit}; AdamS, arXiv 2505.16363 [S]. */
final class AdamSUpdater implements GradientUpdater<AdamS> {
    private static final String MOMENT = "M";

    private final AdamS config;
    private @Nullable INDArray moment;

    AdamSUpdater(AdamS config) {
        this.config = config;
    }

    @Override
    public AdamS getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        INDArray given = stateMap.get(MOMENT);
        if (given == null || stateMap.size() != 1) {
            throw new IllegalStateException(
                    "state of AdamS has keys " + stateMap.keySet() + " (expected: [" + MOMENT + "])");
        }
        moment = given;
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of(MOMENT, state());
    }

    @Override
    public void setStateViewArray(INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (initialize) {
            viewArray.assign(0);
        }
        moment = viewArray;
    }

    private INDArray state() {
        INDArray found = moment;
        if (found == null) {
            throw new IllegalStateException("AdamS has no state; the network must be initialised first");
        }
        return found;
    }

    /** gradient: [1, n], replaced by the update that is subtracted from the parameters. */
    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        INDArray m = state();
        double beta1 = config.getBeta1();
        double beta2 = config.getBeta2();
        double correction = config.isBiasCorrection() ? 1 - StrictMath.pow(beta1, iteration + 1.0) : 1;
        INDArray corrected = m.reshape(gradient.ordering(), gradient.shape()).div(correction);
        INDArray v = corrected
                .muli(corrected)
                .muli(beta2)
                .addi(gradient.mul(gradient).muli(1 - beta2));
        m.muli(beta1).addi(gradient.mul(1 - beta1).reshape(m.ordering(), m.shape()));
        INDArray denominator = Transforms.sqrt(v, false).addi(config.getEpsilon());
        double rate = config.getLearningRate(iteration, epoch) / correction;
        gradient.assign(m.reshape(gradient.ordering(), gradient.shape()))
                .muli(rate)
                .divi(denominator);
    }
}
