package org.dl4jscape.tests.swapin;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A program as users of Deeplearning4j write them: an LSTM graph that says which of two symbols came last. */
final class SequencesProgram {
    private static final int SYMBOLS = 5;
    private static final int LENGTH = 12;

    private SequencesProgram() {}

    /** Symbols 0 and 1 switch the class, the other three leave it as it was. */
    static List<DataSet> sequences(int count, int batchSize, long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < count; from += batchSize) {
            float[][][] inputs = new float[batchSize][SYMBOLS][LENGTH];
            float[][][] labels = new float[batchSize][2][LENGTH];
            for (int i = 0; i < batchSize; i++) {
                int last = 0;
                for (int t = 0; t < LENGTH; t++) {
                    int symbol = random.nextInt(SYMBOLS);
                    inputs[i][symbol][t] = 1;
                    last = symbol < 2 ? symbol : last;
                    labels[i][last][t] = 1;
                }
            }
            batches.add(new DataSet(Nd4j.create(inputs), Nd4j.create(labels)));
        }
        return batches;
    }

    static ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(321)
                .updater(new Adam(1e-2))
                .graphBuilder()
                .addInputs("symbols")
                .setInputTypes(InputType.recurrent(SYMBOLS, LENGTH, RNNFormat.NCW))
                .addLayer(
                        "lstm",
                        new LSTM.Builder().nOut(16).activation(Activation.TANH).build(),
                        "symbols")
                .addLayer(
                        "last",
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "lstm")
                .setOutputs("last")
                .build());
        network.init();
        return network;
    }

    static double accuracy(ComputationGraph network, List<DataSet> test) {
        Evaluation evaluation = new Evaluation(2);
        for (DataSet batch : test) {
            evaluation.evalTimeSeries(batch.getLabels(), network.outputSingle(batch.getFeatures()));
        }
        return evaluation.accuracy();
    }
}
