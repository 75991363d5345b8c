package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs with several inputs and outputs, embeddings, and layers written in SameDiff. */
class InputsAndLayersParityTest {
    private static DenseLayer dense(int inputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(8).build();
    }

    private static OutputLayer softmax(int inputs) {
        return new OutputLayer.Builder()
                .nIn(inputs)
                .nOut(Networks.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static ComputationGraph twoInTwoOut() {
        ComputationGraph network = new ComputationGraph(Networks.base(new AdamS(5e-3))
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer("left", dense(5), "a")
                .addLayer("right", dense(Networks.INPUTS - 5), "b")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("class", softmax(16), "both")
                .addLayer(
                        "sum",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(16)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "both")
                .setOutputs("class", "sum")
                .build());
        network.init();
        return network;
    }

    private static MultiDataSet split(DataSet batch) {
        INDArray all = batch.getFeatures();
        INDArray left = all.getColumns(0, 1, 2, 3, 4).dup();
        INDArray right = all.getColumns(5, 6, 7).dup();
        INDArray sum = all.sum(true, 1);
        return new MultiDataSet(
                new INDArray[] {left, right}, new INDArray[] {batch.getLabels().dup(), sum});
    }

    @Test
    void shouldEqualPlainFitOfAGraphWithTwoInputsAndTwoOutputs() {
        List<DataSet> halves = Networks.batches(24, 8, 71);
        ComputationGraph plain = twoInTwoOut();
        List<Double> losses = new ArrayList<>();
        for (DataSet joined : Parity.pairs(halves)) {
            plain.fit(split(joined));
            losses.add(plain.score());
        }
        List<MultiDataSet> parts =
                halves.stream().map(InputsAndLayersParityTest::split).toList();
        Parity.Run ranks = Parity.parallel(twoInTwoOut(), Parity.DENSE, 2, parts, 1);
        assertEquals(losses.size(), ranks.losses().size());
        for (int step = 0; step < losses.size(); step++) {
            assertEquals(losses.get(step), ranks.losses().get(step), 1e-5 * Math.max(1, losses.get(step)));
        }
        assertEquals(0, Parity.distance(new Parity.Run(losses, plain), ranks), 1e-4);
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitWithAnEmbedding(NetworkType type) {
        int words = 20;
        Random random = new Random(72);
        List<DataSet> halves = new ArrayList<>();
        for (int b = 0; b < 24; b++) {
            float[][] ids = new float[8][1];
            float[][] labels = new float[8][Networks.CLASSES];
            for (int i = 0; i < 8; i++) {
                int word = random.nextInt(words);
                ids[i][0] = word;
                labels[i][word % Networks.CLASSES] = 1;
            }
            halves.add(new DataSet(Nd4j.create(ids), Nd4j.create(labels)));
        }
        Parity.assertHalvesEqualWhole(() -> embedding(type, words), halves, 2);
        Model sparse = embedding(type, words);
        DataSet all = DataSet.merge(halves);
        double before = NetworkType.score(sparse, all);
        ScapeConfig config = ScapeConfig.builder().density(0.1).warmupSteps(10).build();
        Parity.parallel(sparse, config, 2, halves, 20);
        double after = NetworkType.score(sparse, all);
        assertTrue(after < 0.5 * before, "loss " + before + " -> " + after);
    }

    private static Model embedding(NetworkType type, int words) {
        return type.chain(
                Networks.base(new AdamS(1e-2)),
                new EmbeddingLayer.Builder().nIn(words).nOut(8).build(),
                softmax(8));
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitWithASameDiffLayer(NetworkType type) {
        Parity.assertHalvesEqualWhole(
                () -> type.chain(Networks.base(new AdamS(5e-3)), new SameDiffDense(Networks.INPUTS, 8), softmax(8)),
                Networks.batches(16, 8, 73),
                1);
    }

    /** Deeplearning4j's numParams() forgets vertices written in SameDiff; the flat vector is what counts. */
    @Test
    void shouldTrainAGraphWithASameDiffVertexWhoseParametersAreNotCounted() {
        List<DataSet> halves = Networks.batches(16, 8, 74);
        ComputationGraph network = sameDiffVertex();
        assertTrue(
                network.numParams() < network.params().length(),
                network.numParams() + " of " + network.params().length());
        Parity.Run plain = Parity.plain(network, Parity.pairs(halves), 1);
        Parity.Run ranks = Parity.parallel(sameDiffVertex(), Parity.DENSE, 2, halves, 1);
        Parity.assertSame(plain, ranks, 1e-3);
    }

    private static ComputationGraph sameDiffVertex() {
        ComputationGraph network = new ComputationGraph(Networks.base(new AdamS(5e-3))
                .graphBuilder()
                .addInputs("in")
                .addVertex("hidden", new SameDiffDenseVertex(Networks.INPUTS, 8), "in")
                .addLayer("out", softmax(8), "hidden")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }
}
