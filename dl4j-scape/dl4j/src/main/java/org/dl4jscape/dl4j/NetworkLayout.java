package org.dl4jscape.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.IndexRange;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.FixedSchedule;

/**
 * The flat vector of a network as the core sees it: one block a tensor, with role, betas and weight decay from the layer's
 * configuration; and each block's updater, which knows the learning rate.
 */
final class NetworkLayout {
    /** Updaters whose learning rate means for AdamS what it means for themselves. */
    private static final Set<String> ADAM_FAMILY = Set.of("AdamS", "Adam", "AMSGrad", "AdaMax", "Nadam", "AdaBelief");

    private final ParameterLayout layout;
    private final List<IUpdater> updaters;

    NetworkLayout(ParameterLayout layout, List<IUpdater> updaters) {
        this.layout = layout;
        this.updaters = updaters;
    }

    static NetworkLayout of(BaseMultiLayerUpdater<?> updater, int length, ScapeConfig config) {
        List<ParameterBlock> blocks = new ArrayList<>();
        List<IUpdater> updaters = new ArrayList<>();
        for (UpdaterBlock updaterBlock : updater.getUpdaterBlocks()) {
            for (ParamState state : updaterBlock.getLayersAndVariablesInBlock()) {
                String name = state.getLayer().getConfig().getLayerName() + "_" + state.getParamName();
                checkLayer(state, name, config);
                IUpdater own = state.getLayer().getConfig().getUpdaterByParam(state.getParamName());
                IndexRange range = new IndexRange(state.getParamOffsetStart(), state.getParamOffsetEnd());
                BlockRole role = role(state, own, range.length(), config);
                if (role == BlockRole.SPARSE || role == BlockRole.DENSE) {
                    checkFamily(name, own);
                }
                blocks.add(new ParameterBlock(
                        name,
                        range,
                        role,
                        optimizer(
                                name,
                                own,
                                state.getLayer().getConfig().getRegularizationByParam(state.getParamName()),
                                config)));
                updaters.add(own);
            }
        }
        int end = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).range().end();
        if (end != length) {
            throw new IllegalArgumentException("the network has " + length + " parameters, its updater knows " + end
                    + " of them; call init() on the network first");
        }
        return new NetworkLayout(ParameterLayout.of(blocks), updaters);
    }

    /** A graph's updater knows vertices; the layer is inside. */
    private static Trainable layerOf(ParamState state) {
        Trainable found = state.getLayer();
        return found instanceof GraphVertex vertex && vertex.hasLayer() ? vertex.getLayer() : found;
    }

    private static BlockRole role(ParamState state, IUpdater updater, int length, ScapeConfig config) {
        Trainable layer = layerOf(state);
        if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
            return BlockRole.FROZEN;
        }
        if (!layer.updaterDivideByMinibatch(state.getParamName())) {
            return BlockRole.STATISTIC;
        }
        if (updater instanceof NoOp) {
            return BlockRole.FROZEN;
        }
        return length < config.denseBelow() ? BlockRole.DENSE : BlockRole.SPARSE;
    }

    private static void checkLayer(ParamState state, String name, ScapeConfig config) {
        if (state.getLayer().getConfig().isPretrainParam(state.getParamName())) {
            throw new IllegalArgumentException("parameter " + name + " is trained by layer-wise pretraining only"
                    + " (expected: layers that are trained by back-propagation); replace the layer");
        }
        if (config.lookAhead()
                && layerOf(state) instanceof Layer layer
                && layer.conf().getLayer().getConstraints() != null
                && !layer.conf().getLayer().getConstraints().isEmpty()) {
            throw new IllegalArgumentException(
                    "constraints on the layer of " + name + " with lookAhead=true"
                            + " (expected: one of them), since constraints would act on the moved parameters; use lookAhead(false)");
        }
    }

    static void checkFamily(String name, IUpdater updater) {
        String type = updater.getClass().getSimpleName();
        if (!ADAM_FAMILY.contains(type)) {
            throw new IllegalArgumentException(
                    "updater " + type + " of " + name + " (expected: one of "
                            + ADAM_FAMILY.stream().sorted().toList()
                            + "), since SCAPE trains with AdamS and takes the learning rate from it; use .updater(new AdamS(1e-3))");
        }
    }

    /** Betas of the updater and weight decay of the regularizations, which may be null. */
    static AdamSConfig optimizer(
            String name, IUpdater updater, @Nullable List<Regularization> regularizations, ScapeConfig config) {
        AdamSConfig base = updater instanceof AdamS own ? own.toConfig() : config.optimizer();
        double decay = 0;
        for (Regularization r : regularizations == null ? List.<Regularization>of() : regularizations) {
            if (r instanceof WeightDecay weightDecay) {
                boolean supported = weightDecay.isApplyLR() && weightDecay.getCoeff() instanceof FixedSchedule;
                if (!supported) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "weight decay of %s (expected: a fixed coefficient, multiplied by the learning rate); "
                                    + "use new WeightDecay(coefficient, true)",
                            name));
                }
                // Deeplearning4j's network builder lists a decay twice for every layer, and its updaters apply both.
                decay += weightDecay.getCoeff().valueAt(0, 0);
            }
        }
        return base.withWeightDecay(decay);
    }

    ParameterLayout parameters() {
        return layout;
    }

    double learningRate(int block, int iteration, int epoch) {
        IUpdater updater = updaters.get(block);
        return updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 0;
    }
}
