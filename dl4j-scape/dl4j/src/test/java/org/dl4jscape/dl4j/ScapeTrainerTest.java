package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Real networks, trained on threads. */
class ScapeTrainerTest {
    private static final ScapeConfig DENSE =
            ScapeConfig.builder().density(1).warmupSteps(1).build();
    private static final ScapeConfig SPARSE =
            ScapeConfig.builder().density(0.1).warmupSteps(10).build();

    private static FitResult train(Model network, ScapeConfig config, int ranks, List<DataSet> batches, int epochs) {
        return ScapeTrainer.builder()
                .ranks(ranks)
                .config(config)
                .build()
                .fit(network, epoch -> batches.iterator(), epochs);
    }

    @Test
    void shouldFollowPlainFitWithAdamSWhenDense() {
        List<DataSet> halves = Networks.batches(60, 16, 3);
        MultiLayerNetwork plain = Networks.multiLayer(new AdamS(5e-3));
        MultiLayerNetwork parallel = Networks.multiLayer(new AdamS(5e-3));
        for (int i = 0; i < halves.size(); i += 2) {
            plain.fit(DataSet.merge(halves.subList(i, i + 2)));
        }
        FitResult result = train(parallel, DENSE, 2, halves, 1);
        assertEquals(30, result.steps());
        assertTrue(result.replicasIdentical());
        DataSet all = DataSet.merge(halves);
        assertEquals(plain.score(all), parallel.score(all), 1e-5);
        assertArrayEquals(plain.params().toFloatVector(), parallel.params().toFloatVector(), 1e-4f);
    }

    @Test
    void shouldFollowPlainFitOfAGraphWhenDense() {
        List<DataSet> halves = Networks.batches(40, 8, 4);
        var plain = Networks.graph(new AdamS(5e-3));
        var parallel = Networks.graph(new AdamS(5e-3));
        for (int i = 0; i < halves.size(); i += 2) {
            plain.fit(DataSet.merge(halves.subList(i, i + 2)));
        }
        assertTrue(train(parallel, DENSE, 2, halves, 1).replicasIdentical());
        assertArrayEquals(plain.params().toFloatVector(), parallel.params().toFloatVector(), 1e-4f);
    }

    @Test
    void shouldLearnWhenSparse() {
        List<DataSet> batches = Networks.batches(80, 16, 5);
        MultiLayerNetwork network = Networks.multiLayer(new Adam(5e-3));
        DataSet all = DataSet.merge(batches);
        double before = network.score(all);
        FitResult result = train(network, SPARSE, 4, batches, 5);
        assertTrue(result.replicasIdentical());
        assertEquals(100, result.steps());
        assertEquals(100, network.getIterationCount());
        assertTrue(network.score(all) < 0.7 * before, "score " + before + " -> " + network.score(all));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldGiveTheSameParametersTwice(int ranks) {
        List<DataSet> batches = Networks.batches(31, 8, 6);
        FitResult first = train(Networks.multiLayer(new Adam(5e-3)), SPARSE, ranks, batches, 2);
        FitResult second = train(Networks.multiLayer(new Adam(5e-3)), SPARSE, ranks, batches, 2);
        assertEquals(first.parametersSha256(), second.parametersSha256());
        assertTrue(first.replicasIdentical());
    }

    @Test
    void shouldAverageBatchStatistics() {
        List<DataSet> batches = Networks.batches(40, 16, 7);
        MultiLayerNetwork network = Networks.withBatchNorm(new Adam(5e-3));
        FitResult result = train(network, SPARSE, 2, batches, 2);
        assertTrue(result.replicasIdentical());
        assertTrue(network.getParam("1_var").minNumber().doubleValue() > 0);
        assertFalse(network.getParam("1_mean").equals(network.getParam("1_mean").mul(0)));
    }

    @Test
    void shouldTakeEveryBatchOnceWhenRanksHaveUnequalNumbers() {
        List<DataSet> batches = Networks.batches(7, 8, 8);
        MultiLayerNetwork network = Networks.multiLayer(new Adam(1e-3));
        FitResult result = train(network, DENSE, 4, batches, 1);
        assertEquals(2, result.steps());
        assertTrue(result.replicasIdentical());
    }

    @Test
    void shouldRefuseAnUpdaterOfAnotherFamilyWithARemedy() {
        MultiLayerNetwork network = Networks.multiLayer(new Nesterovs(0.1));
        var failure = assertThrows(
                IllegalArgumentException.class, () -> train(network, DENSE, 2, Networks.batches(2, 4, 9), 1));
        assertTrue(failure.getMessage().contains("updater Nesterovs of"), failure.getMessage());
        assertTrue(failure.getMessage().contains("new AdamS(1e-3)"), failure.getMessage());
    }

    @Test
    void shouldNameRankAndLayerOfANaN() {
        List<DataSet> batches = Networks.batches(4, 4, 10);
        batches.get(3).getFeatures().putScalar(0, Double.NaN);
        var failure = assertThrows(
                RuntimeException.class, () -> train(Networks.multiLayer(new Adam(1e-3)), DENSE, 2, batches, 1));
        assertTrue(failure.getMessage().startsWith("rank 1: gradient of "), failure.getMessage());
    }

    @Test
    void shouldSurviveJson() {
        var conf = Networks.multiLayer(new AdamS(0.25)).getLayerWiseConfigurations();
        var back = org.deeplearning4j.nn.conf.MultiLayerConfiguration.fromJson(conf.toJson());
        assertEquals(conf, back);
    }

    @Test
    void shouldHandPropertiesToTheTransportBeforeTraining() {
        MultiLayerNetwork network = Networks.multiLayer(new Adam(1e-3));
        float[] before = network.params().toFloatVector();
        ScapeTrainer trainer = ScapeTrainer.builder()
                .ranks(2)
                .transportProperty("nonsense", "1")
                .build();
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> trainer.fit(network, epoch -> Networks.batches(2, 4, 9).iterator(), 1));
        assertTrue(failure.getMessage().contains("has no properties, but was given [nonsense]"), failure.getMessage());
        assertArrayEquals(before, network.params().toFloatVector());
    }
}
