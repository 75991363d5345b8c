package org.dl4jscape.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * What Deeplearning4j does to a gradient before its updaters see it: gradient normalisation and clipping layer by layer, then
 * L1 and L2. The stock updater does the same inside a method that also applies the updater, so it is done here again.
 */
final class GradientPreparation {
    private GradientPreparation() {}

    static void apply(
            BaseMultiLayerUpdater<?> updater,
            Map<String, Trainable> layersByName,
            Gradient gradient,
            int iteration,
            int epoch) {
        Map<String, Gradient> byLayer = new LinkedHashMap<>();
        for (Map.Entry<String, INDArray> entry : gradient.gradientForVariable().entrySet()) {
            String key = entry.getKey();
            int split = key.lastIndexOf('_');
            byLayer.computeIfAbsent(key.substring(0, split), name -> new DefaultGradient())
                    .setGradientFor(key.substring(split + 1), entry.getValue());
        }
        byLayer.forEach((name, ofLayer) -> {
            Trainable layer = layersByName.get(name);
            if (layer != null) {
                updater.preApply(layer, ofLayer, iteration);
            }
        });
        addRegularization(updater.getUpdaterBlocks(), iteration, epoch);
    }

    private static void addRegularization(List<UpdaterBlock> blocks, int iteration, int epoch) {
        for (UpdaterBlock block : blocks) {
            for (ParamState state : block.getLayersAndVariablesInBlock()) {
                var config = state.getLayer().getConfig();
                var regularizations = config.getRegularizationByParam(state.getParamName());
                var own = config.getUpdaterByParam(state.getParamName());
                double rate = own.hasLearningRate() ? own.getLearningRate(iteration, epoch) : 0;
                for (Regularization regularization :
                        regularizations == null ? List.<Regularization>of() : regularizations) {
                    if (regularization.applyStep() == Regularization.ApplyStep.BEFORE_UPDATER) {
                        regularization.apply(state.getParamView(), state.getGradView(), rate, iteration, epoch);
                    }
                }
            }
        }
    }
}
