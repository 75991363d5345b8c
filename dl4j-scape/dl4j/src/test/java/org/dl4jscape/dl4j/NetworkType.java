package org.dl4jscape.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Both kinds of network behind one face, so that a test says once what holds for both. */
enum NetworkType {
    MULTI_LAYER {
        @Override
        Model chain(NeuralNetConfiguration.Builder base, Layer... layers) {
            ListBuilder list = base.list();
            for (Layer layer : layers) {
                list.layer(layer);
            }
            MultiLayerNetwork network = new MultiLayerNetwork(list.build());
            network.init();
            return network;
        }
    },
    GRAPH {
        @Override
        Model chain(NeuralNetConfiguration.Builder base, Layer... layers) {
            GraphBuilder graph = base.graphBuilder().addInputs("in");
            String below = "in";
            for (int i = 0; i < layers.length; i++) {
                graph.addLayer("layer" + i, layers[i], below);
                below = "layer" + i;
            }
            ComputationGraph network =
                    new ComputationGraph(graph.setOutputs(below).build());
            network.init();
            return network;
        }
    };

    /** An initialised network of layers one after the other. */
    abstract Model chain(NeuralNetConfiguration.Builder base, Layer... layers);

    static void fit(Model network, DataSetIterator data) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            multiLayer.fit(data);
        } else {
            ((ComputationGraph) network).fit(data);
        }
    }

    static void listen(Model network, TrainingListener listener) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            multiLayer.addListeners(listener);
        } else {
            ((ComputationGraph) network).addListeners(listener);
        }
    }

    static int iterationCount(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getIterationCount()
                : ((ComputationGraph) network).getIterationCount();
    }

    static int epochCount(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getEpochCount()
                : ((ComputationGraph) network).getEpochCount();
    }

    static double score(Model network, DataSet data) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.score(data)
                : ((ComputationGraph) network).score(data);
    }

    static Object updater(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getUpdater()
                : ((ComputationGraph) network).getUpdater();
    }

    static void setLearningRate(Model network, double rate) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            multiLayer.setLearningRate(rate);
        } else {
            ((ComputationGraph) network).setLearningRate(rate);
        }
    }
}
