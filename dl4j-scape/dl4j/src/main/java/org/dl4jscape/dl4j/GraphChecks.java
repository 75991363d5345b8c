package org.dl4jscape.dl4j;

import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;

/** What a SameDiff graph must have before it can be trained. */
final class GraphChecks {
    private GraphChecks() {}

    /** The graph's training configuration, when it and the loss are what SCAPE can train. */
    static TrainingConfig trainingConfig(SameDiff graph) {
        TrainingConfig training = graph.getTrainingConfig();
        if (training == null) {
            throw new IllegalArgumentException(
                    "the SameDiff graph has no training configuration;"
                            + " call setTrainingConfig(TrainingConfig.builder().updater(new AdamS(1e-3))...build()) on it first");
        }
        if (!training.isMinimize()) {
            throw new IllegalArgumentException(
                    "minimize=false in the graph's training configuration (expected: true); negate the loss");
        }
        if (training.getUpdater() == null) {
            throw new IllegalArgumentException(
                    "the graph's training configuration has no updater (expected: AdamS or one of the Adam family);"
                            + " use .updater(new AdamS(1e-3))");
        }
        if (training.getDataSetFeatureMapping() == null
                || training.getDataSetFeatureMapping().isEmpty()) {
            throw new IllegalArgumentException("the graph's training configuration maps no features to placeholders;"
                    + " use .dataSetFeatureMapping(\"input\")");
        }
        if (graph.getLossVariables().isEmpty()) {
            throw new IllegalArgumentException(
                    "the SameDiff graph has no loss; call setLossVariables(..) on it, or markAsLoss() on a variable");
        }
        return training;
    }
}
