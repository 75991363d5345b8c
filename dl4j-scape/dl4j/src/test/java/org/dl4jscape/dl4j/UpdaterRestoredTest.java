package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;

/** After SCAPE a network is an ordinary one again: its own updater, with the state it had, whatever happened. */
class UpdaterRestoredTest {
    private static Model network(NetworkType type) {
        return type == NetworkType.MULTI_LAYER ? Networks.multiLayer(new AdamS(5e-3)) : Networks.graph(new AdamS(5e-3));
    }

    private static float[] state(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getUpdater().getStateViewArray().toFloatVector()
                : ((ComputationGraph) network).getUpdater().getStateViewArray().toFloatVector();
    }

    private static void assertStock(NetworkType type, Model network) {
        Class<?> stock = type == NetworkType.MULTI_LAYER ? MultiLayerUpdater.class : ComputationGraphUpdater.class;
        assertEquals(stock, NetworkType.updater(network).getClass());
    }

    private static RankTrainer join(Model network) {
        return RankTrainer.join(
                network,
                Parity.DENSE,
                new InProcessGroup(1, 60_000_000_000L).collectives(0),
                KernelsSelection.byName("vector"),
                List.of());
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldHavePlainUpdaterWithItsStateAfterTraining(NetworkType type) {
        List<DataSet> batches = Networks.batches(12, 8, 111);
        Model network = network(type);
        Parity.plain(network, batches.subList(0, 4), 1);
        float[] state = state(network);
        Parity.parallel(network, Parity.DENSE, 2, batches.subList(4, 8), 1);
        assertStock(type, network);
        assertArrayEquals(state, state(network), "moments of the plain updater");
        float[] before = network.params().toFloatVector();
        Parity.plain(network, batches.subList(8, 12), 1);
        assertFalse(java.util.Arrays.equals(before, network.params().toFloatVector()), "plain fit does nothing");
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldHavePlainUpdaterAfterAFailure(NetworkType type) {
        List<DataSet> batches = Networks.batches(6, 8, 112);
        batches.get(3).getFeatures().putScalar(0, Float.NaN);
        Model network = network(type);
        assertThrows(RuntimeException.class, () -> Parity.parallel(network, Parity.DENSE, 2, batches, 1));
        assertStock(type, network);
        Parity.plain(network, batches.subList(0, 2), 1);
        assertTrue(Float.isFinite(network.params().sumNumber().floatValue()));
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldNoticeThatSetLearningRateHasReplacedTheHook(NetworkType type) {
        List<DataSet> batches = Networks.batches(4, 8, 113);
        Model network = network(type);
        try (RankTrainer trainer = join(network)) {
            trainer.fit(batches.get(0));
            NetworkType.setLearningRate(network, 0.5);
            float[] before = network.params().toFloatVector();
            var failure = assertThrows(IllegalStateException.class, () -> trainer.fit(batches.get(1)));
            assertEquals(
                    "the network's updater was replaced since SCAPE took its place (setLearningRate(..), load and clone()"
                            + " do that); close this trainer and join anew",
                    failure.getMessage());
            assertArrayEquals(before, network.params().toFloatVector());
        }
        assertStock(type, network);
        try (RankTrainer again = join(network)) {
            again.fit(batches.get(2));
            assertEquals(1, again.stepCount());
        }
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldUseTheLearningRateThatWasSetBeforeJoining(NetworkType type) {
        List<DataSet> halves = Networks.batches(12, 8, 114);
        Model plain = network(type);
        Model ranks = network(type);
        NetworkType.setLearningRate(plain, 0.05);
        NetworkType.setLearningRate(ranks, 0.05);
        Parity.assertSame(
                Parity.plain(plain, Parity.pairs(halves), 1), Parity.parallel(ranks, Parity.DENSE, 2, halves, 1), 1e-4);
        Parity.Run slower = Parity.plain(network(type), Parity.pairs(halves), 1);
        assertTrue(Parity.distance(slower, new Parity.Run(List.of(), plain)) > 1e-2, "the rate is not felt");
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldTellStepListenersOfEachRank(NetworkType type) {
        List<List<String>> told = List.of(new ArrayList<>(), new ArrayList<>());
        ScapeTrainer.builder()
                .ranks(2)
                .config(Parity.DENSE.toBuilder().density(0.5).build())
                .listeners(rank -> List.of(stats -> told.get(rank)
                        .add(stats.step() + " of " + stats.totalWeight() + " examples, " + stats.maskedCount()
                                + " sent, loss " + stats.loss())))
                .build()
                .fit(network(type), epoch -> Networks.batches(5, 8, 115).iterator(), 2);
        assertEquals(told.get(0), told.get(1));
        assertEquals(6, told.get(0).size());
        assertTrue(
                told.get(0).get(0).startsWith("1 of 16.0 examples, "),
                told.get(0).get(0));
        assertTrue(told.get(0).get(2).startsWith("3 of 8.0 examples, "), "rank 1 has no third batch");
    }
}
