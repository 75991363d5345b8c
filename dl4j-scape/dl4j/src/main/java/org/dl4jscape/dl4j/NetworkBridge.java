package org.dl4jscape.dl4j;

import java.nio.FloatBuffer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.dl4jscape.core.config.ScapeConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the bridges of both network types share: checks before training, and flat views of the network's own memory.
 *
 * <p>Deeplearning4j silently puts a stock updater back after load, {@code clone()} and {@code setLearningRate(..)}; {@link
 * #requireInstalled()} notices it.
 */
abstract class NetworkBridge extends ModelBridge {
    /**
     * The bridge of a network.
     *
     * @throws IllegalArgumentException when the network is of another type, not initialised, not of data type FLOAT, too
     *     large, or configured with an optimizer other than stochastic gradient descent
     */
    static NetworkBridge of(Model network) {
        INDArray parameters = network.params();
        if (parameters == null || parameters.length() == 0) {
            throw new IllegalArgumentException("the network has no parameters; call init() on it first");
        }
        if (parameters.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "data type " + parameters.dataType()
                            + " of the network's parameters (expected: FLOAT); configure the network with dataType(DataType.FLOAT)");
        }
        if (parameters.length() > FlatView.LARGEST) {
            throw new IllegalArgumentException(parameters.length() + " parameters (expected: <= " + FlatView.LARGEST
                    + ", what one 2 GiB buffer view holds)");
        }
        OptimizationAlgorithm algorithm = network.conf().getOptimizationAlgo();
        if (algorithm != null && algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException(
                    "optimizationAlgo " + algorithm
                            + " (expected: STOCHASTIC_GRADIENT_DESCENT), since line searches call the updater more than once a step");
        }
        if (!network.conf().isMiniBatch()) {
            throw new IllegalArgumentException("miniBatch=false (expected: true), since ranks average the gradients"
                    + " of mean losses; configure the network with miniBatch(true)");
        }
        if (network instanceof MultiLayerNetwork multiLayer) {
            return new MultiLayerBridge(multiLayer);
        }
        if (network instanceof ComputationGraph graph) {
            return new GraphBridge(graph);
        }
        throw new IllegalArgumentException("network of type "
                + network.getClass().getName() + " (expected: MultiLayerNetwork or ComputationGraph)");
    }

    /** The network itself. */
    @Override
    abstract Model network();

    /** The updater that the network has now. */
    abstract BaseMultiLayerUpdater<?> updater();

    abstract INDArray gradients();

    abstract boolean isInstalled();

    @Override
    final void requireInstalled() {
        if (!isInstalled()) {
            throw new IllegalStateException("the network's updater was replaced since SCAPE took its place"
                    + " (setLearningRate(..), load and clone() do that); close this trainer and join anew");
        }
    }

    /** Puts a stock updater back, with the state it had. */
    abstract void restoreUpdater();

    @Override
    final void uninstall() {
        if (isInstalled()) {
            restoreUpdater();
        }
    }

    @Override
    final NetworkLayout layout(ScapeConfig config) {
        return NetworkLayout.of(updater(), (int) network().params().length(), config);
    }

    @Override
    final double score() {
        return network().score();
    }

    @Override
    final long seed() {
        return network().conf().getSeed();
    }

    @Override
    final void applyConstraints(int iteration, int epoch) {
        network().applyConstraints(iteration, epoch);
    }

    @Override
    final FloatBuffer parameterView() {
        return FlatView.of(network().params());
    }

    @Override
    final FloatBuffer gradientView() {
        return FlatView.of(gradients());
    }
}
