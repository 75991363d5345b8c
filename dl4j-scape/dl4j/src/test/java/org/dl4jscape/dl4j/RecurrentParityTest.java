package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Sequences: masks, truncated back-propagation through time, and ranks with different numbers of segments. */
class RecurrentParityTest {
    private static final int FEATURES = 3;
    private static final int CLASSES = 2;
    private static final int SEGMENT = 4;

    private static Model network(NetworkType type, boolean truncated) {
        NeuralNetConfiguration.Builder base = Networks.base(new AdamS(1e-2));
        LSTM lstm = new LSTM.Builder()
                .nIn(FEATURES)
                .nOut(6)
                .dataFormat(RNNFormat.NCW)
                .build();
        RnnOutputLayer output = new RnnOutputLayer.Builder()
                .nIn(6)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .dataFormat(RNNFormat.NCW)
                .build();
        if (!truncated) {
            return type.chain(base, lstm, output);
        }
        if (type == NetworkType.MULTI_LAYER) {
            MultiLayerNetwork network = new MultiLayerNetwork(base.list()
                    .layer(lstm)
                    .layer(output)
                    .backpropType(BackpropType.TruncatedBPTT)
                    .tBPTTLength(SEGMENT)
                    .build());
            network.init();
            return network;
        }
        ComputationGraph network = new ComputationGraph(base.graphBuilder()
                .addInputs("in")
                .addLayer("layer0", lstm, "in")
                .addLayer("layer1", output, "layer0")
                .setOutputs("layer1")
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTForwardLength(SEGMENT)
                .tBPTTBackwardLength(SEGMENT)
                .build());
        network.init();
        return network;
    }

    /** The label says whether the first feature has been positive more often than not so far. */
    private static DataSet sequences(int count, int length, long seed) {
        Random random = new Random(seed);
        float[][][] inputs = new float[count][FEATURES][length];
        float[][][] labels = new float[count][CLASSES][length];
        for (int i = 0; i < count; i++) {
            int balance = 0;
            for (int t = 0; t < length; t++) {
                for (int j = 0; j < FEATURES; j++) {
                    inputs[i][j][t] = (float) random.nextGaussian();
                }
                balance += inputs[i][0][t] > 0 ? 1 : -1;
                labels[i][balance > 0 ? 1 : 0][t] = 1;
            }
        }
        return new DataSet(Nd4j.create(inputs), Nd4j.create(labels));
    }

    private static List<DataSet> batches(int count, int size, long seed, int... lengths) {
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(sequences(size, lengths[i % lengths.length], seed + i));
        }
        return batches;
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitOnSequences(NetworkType type) {
        Parity.assertHalvesEqualWhole(() -> network(type, false), batches(16, 5, 61, 8), 1);
    }

    /** Joining short and long sequences pads and masks; masked steps count for nothing. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitOnMaskedSequencesOfDifferentLengths(NetworkType type) {
        List<DataSet> halves = batches(16, 5, 62, 9, 6);
        assertEquals(
                9, DataSet.merge(halves.subList(0, 2)).getFeaturesMaskArray().size(1));
        Parity.assertHalvesEqualWhole(() -> network(type, false), halves, 1);
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitWhenEachHalfIsMasked(NetworkType type) {
        List<DataSet> halves = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            halves.add(DataSet.merge(batches(2, 3, 700 + 10 * i, 8, 4 + i % 3)));
        }
        Parity.assertHalvesEqualWhole(() -> network(type, false), halves, 1);
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldStepOnceASegmentUnderTruncatedBackpropagation(NetworkType type) {
        List<DataSet> halves = batches(10, 5, 63, 3 * SEGMENT);
        Parity.Run ranks = Parity.parallel(network(type, true), Parity.DENSE, 2, halves, 1);
        assertEquals(5 * 3, ranks.losses().size());
        Parity.Run plain = Parity.plain(network(type, true), Parity.pairs(halves), 1);
        assertEquals(5 * 3, NetworkType.iterationCount(plain.network()));
        assertEquals(0, Parity.distance(plain, ranks), 1e-4);
        assertEquals(5 * 3, NetworkType.iterationCount(ranks.network()));
    }

    /** Rank 0 has three segments a batch, rank 1 two: the group goes on until the longest is done, in lock-step. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldGoOnWhenRanksHaveDifferentNumbersOfSegments(NetworkType type) {
        List<DataSet> uneven = batches(12, 5, 64, 3 * SEGMENT, 2 * SEGMENT);
        ScapeConfig sparse = ScapeConfig.builder().density(0.2).warmupSteps(4).build();
        for (ScapeConfig config : List.of(Parity.DENSE, sparse)) {
            Parity.Run ranks = Parity.parallel(network(type, true), config, 2, uneven, 2);
            assertEquals(2 * 6 * 3, ranks.losses().size());
            assertEquals(2 * 6 * 3, NetworkType.iterationCount(ranks.network()));
        }
    }
}
