package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jscape.core.config.ScapeConfig;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The oracle of the bridge: plain {@code net.fit} with {@link AdamS} on joined batches. Ranks that exchange everything must
 * walk the same way, step by step.
 */
final class Parity {
    static final ScapeConfig DENSE =
            ScapeConfig.builder().density(1).warmupSteps(1).build();
    /** For losses up to 1, and in proportion above, where fp32 itself is coarser. */
    static final double CURVE_TOLERANCE = 1e-5;

    private Parity() {}

    /** What a training leaves: the loss of every step, before its update, and the network. */
    record Run(List<Double> losses, Model network) {
        float[] parameters() {
            return network.params().toFloatVector();
        }
    }

    /** Plain training; {@code joined} holds the batch of each step. */
    static Run plain(Model network, List<DataSet> joined, int epochs) {
        List<Double> losses = new ArrayList<>();
        NetworkType.listen(network, new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                losses.add(model.score());
            }
        });
        for (int epoch = 0; epoch < epochs; epoch++) {
            NetworkType.fit(network, new ExistingDataSetIterator(joined));
        }
        return new Run(losses, network);
    }

    /** SCAPE on threads; batch i goes to rank i mod ranks. */
    static Run parallel(Model network, ScapeConfig config, int ranks, List<?> batches, int epochs) {
        List<Double> losses = new ArrayList<>();
        FitResult result = ScapeTrainer.builder()
                .ranks(ranks)
                .config(config)
                .listeners(rank -> rank == 0 ? List.of(stats -> losses.add(stats.loss())) : List.of())
                .build()
                .fit(network, epoch -> batches.iterator(), epochs);
        assertTrue(result.replicasIdentical(), "replicas differ: " + result.parametersSha256());
        return new Run(losses, network);
    }

    /** Neighbours joined in pairs. */
    static List<DataSet> pairs(List<DataSet> halves) {
        List<DataSet> joined = new ArrayList<>();
        for (int i = 0; i + 1 < halves.size(); i += 2) {
            joined.add(DataSet.merge(halves.subList(i, i + 2)));
        }
        return joined;
    }

    /** Every batch twice, so that both ranks get the same. */
    static List<DataSet> twins(List<DataSet> batches) {
        List<DataSet> twice = new ArrayList<>();
        for (DataSet batch : batches) {
            twice.add(batch);
            twice.add(batch.copy());
        }
        return twice;
    }

    static void assertSame(Run expected, Run actual, double parameterTolerance) {
        assertEquals(expected.losses().size(), actual.losses().size(), "number of steps");
        for (int step = 0; step < expected.losses().size(); step++) {
            int number = step + 1;
            assertEquals(
                    expected.losses().get(step),
                    actual.losses().get(step),
                    CURVE_TOLERANCE * Math.max(1, expected.losses().get(step)),
                    () -> "loss of step " + number + "; plain " + expected.losses() + ", ranks " + actual.losses());
        }
        assertTrue(
                distance(expected, actual) <= parameterTolerance,
                () -> "largest difference of a parameter: " + distance(expected, actual));
        assertEquals(
                NetworkType.iterationCount(expected.network()),
                NetworkType.iterationCount(actual.network()),
                "iterations");
        assertEquals(NetworkType.epochCount(expected.network()), NetworkType.epochCount(actual.network()), "epochs");
    }

    /** Largest difference of a parameter. */
    static double distance(Run a, Run b) {
        float[] left = a.parameters();
        float[] right = b.parameters();
        assertEquals(left.length, right.length, "number of parameters");
        double largest = 0;
        for (int i = 0; i < left.length; i++) {
            largest = Math.max(largest, Math.abs((double) left[i] - right[i]));
        }
        return largest;
    }

    /** Two ranks with the halves are one plain training with the whole, and the halves differ. */
    static void assertHalvesEqualWhole(Supplier<Model> networks, List<DataSet> halves, int epochs) {
        Run plain = plain(networks.get(), pairs(halves), epochs);
        Run ranks = parallel(networks.get(), DENSE, 2, halves, epochs);
        assertSame(plain, ranks, 1e-4);
    }

    /** Two ranks with the same batches are one plain training with them: for what is not linear in the batch. */
    static void assertTwinsEqualOne(Supplier<Model> networks, List<DataSet> batches, int epochs) {
        Run plain = plain(networks.get(), batches, epochs);
        Run ranks = parallel(networks.get(), DENSE, 2, twins(batches), epochs);
        assertSame(plain, ranks, 1e-4);
    }
}
