package org.dl4jscape.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The bridge of a {@link MultiLayerNetwork}. */
final class MultiLayerBridge extends NetworkBridge {
    private final MultiLayerNetwork network;

    MultiLayerBridge(MultiLayerNetwork network) {
        this.network = network;
    }

    @Override
    Model network() {
        return network;
    }

    @Override
    ModelBridge copy() {
        return new MultiLayerBridge(network.clone());
    }

    @Override
    void install(GradientSink sink) {
        network.setUpdater(new MultiLayerHook(network, sink));
    }

    @Override
    void restoreUpdater() {
        network.setUpdater(new MultiLayerUpdater(network, network.updaterState()));
    }

    @Override
    BaseMultiLayerUpdater<?> updater() {
        return (MultiLayerUpdater) network.getUpdater();
    }

    @Override
    boolean isInstalled() {
        return network.getUpdater(false) instanceof MultiLayerHook;
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
        network.setIterationCount(value);
    }

    @Override
    void setEpoch(int value) {
        network.setEpochCount(value);
    }
}
