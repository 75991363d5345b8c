package org.dl4jscape.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks and data that can be learned, all from a seed. */
final class Networks {
    static final int INPUTS = 8;
    static final int CLASSES = 3;

    private Networks() {}

    static MultiLayerNetwork multiLayer(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(base(updater)
                .list()
                .layer(dense(INPUTS))
                .layer(dense(16))
                .layer(output())
                .build());
        network.init();
        return network;
    }

    static MultiLayerNetwork withBatchNorm(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(base(updater)
                .list()
                .layer(dense(INPUTS))
                .layer(normalization(false))
                .layer(output())
                .build());
        network.init();
        return network;
    }

    static ComputationGraph graph(IUpdater updater) {
        ComputationGraph network = new ComputationGraph(base(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", dense(INPUTS), "in")
                .addLayer("out", output(), "hidden")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }

    static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(updater)
                .activation(Activation.TANH)
                .l2(1e-4);
    }

    /** Sixteen units, tanh where the base says nothing else. */
    static DenseLayer dense(int inputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(16).build();
    }

    /** Batch normalisation of sixteen units. */
    static BatchNormalization normalization(boolean logStd) {
        return new BatchNormalization.Builder()
                .useLogStd(logStd)
                .nIn(16)
                .nOut(16)
                .build();
    }

    /** Sixteen inputs, softmax. */
    static OutputLayer output() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nIn(16)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Batches of a problem with a smooth boundary. */
    static List<DataSet> batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            float[][] inputs = new float[size][INPUTS];
            float[][] labels = new float[size][CLASSES];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < INPUTS; j++) {
                    inputs[i][j] = (float) random.nextGaussian();
                }
                double score = inputs[i][0] + inputs[i][1] * inputs[i][2];
                labels[i][score < -0.5 ? 0 : score < 0.5 ? 1 : 2] = 1;
            }
            batches.add(new DataSet(Nd4j.create(inputs), Nd4j.create(labels)));
        }
        return batches;
    }
}
