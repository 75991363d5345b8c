package org.dl4jscape.tests.problems;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.AdamS;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** One small problem for all engines: networks with batch normalisation and dropout, and batches, all from seeds. */
public final class Problem {
    /** Features of an example. */
    public static final int INPUTS = 6;

    /** Classes of an example. */
    public static final int CLASSES = 3;

    private static final int HIDDEN = 20;

    private Problem() {}

    /** 10 % after five dense steps. */
    public static ScapeConfig sparse() {
        return ScapeConfig.builder().density(0.1).warmupSteps(5).build();
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(17)
                .updater(new AdamS(0.01))
                .activation(Activation.TANH)
                .l2(1e-4);
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).dropOut(0.9).build();
    }

    private static BatchNormalization normalization() {
        return new BatchNormalization.Builder()
                .useLogStd(false)
                .nIn(HIDDEN)
                .nOut(HIDDEN)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(HIDDEN)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Initialised; the same bits whenever it is called. */
    public static MultiLayerNetwork multiLayer() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(hidden())
                .layer(normalization())
                .layer(output())
                .build());
        network.init();
        return network;
    }

    /** Initialised; the same bits whenever it is called. */
    public static ComputationGraph graph() {
        ComputationGraph network = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("normalization", normalization(), "hidden")
                .addLayer("out", output(), "normalization")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }

    /** Batches of a problem with curved borders. */
    public static List<DataSet> batches(int count, int size, long seed) {
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

    /** What rank {@code rank} gets when batches are dealt in turn. */
    public static List<DataSet> dealt(List<DataSet> batches, int rank, int ranks) {
        List<DataSet> own = new ArrayList<>();
        for (int i = rank; i < batches.size(); i += ranks) {
            own.add(batches.get(i));
        }
        return own;
    }
}
