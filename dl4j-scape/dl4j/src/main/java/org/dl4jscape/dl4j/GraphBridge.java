package org.dl4jscape.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The bridge of a {@link ComputationGraph}. */
final class GraphBridge extends NetworkBridge {
    private final ComputationGraph network;

    GraphBridge(ComputationGraph network) {
        this.network = network;
    }

    @Override
    Model network() {
        return network;
    }

    @Override
    ModelBridge copy() {
        return new GraphBridge(network.clone());
    }

    @Override
    void install(GradientSink sink) {
        network.setUpdater(new GraphHook(network, sink));
    }

    @Override
    void restoreUpdater() {
        network.setUpdater(new ComputationGraphUpdater(network, network.updaterState()));
    }

    @Override
    BaseMultiLayerUpdater<?> updater() {
        return network.getUpdater();
    }

    @Override
    boolean isInstalled() {
        return network.getUpdater(false) instanceof GraphHook;
    }

    @Override
    INDArray gradients() {
        return network.getFlattenedGradients();
    }

    @Override
    void fit(DataSet batch) {
        network.fit(batch);
    }

    @Override
    void fit(MultiDataSet batch) {
        network.fit(batch);
    }

    @Override
    int iteration() {
        return network.getIterationCount();
    }

    @Override
    int epoch() {
        return network.getEpochCount();
    }

    @Override
    void setIteration(int value) {
        network.getConfiguration().setIterationCount(value);
    }

    @Override
    void setEpoch(int value) {
        network.getConfiguration().setEpochCount(value);
    }
}
