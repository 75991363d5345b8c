package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.step.StepListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** SameDiff graphs, trained on threads. */
class SameDiffTrainingTest {
    private static final ScapeConfig DENSE =
            ScapeConfig.builder().density(1).warmupSteps(1).build();
    private static final ScapeConfig SPARSE =
            ScapeConfig.builder().density(0.1).warmupSteps(4).build();
    private static final List<DataSet> DATA = SameDiffGraphs.batches(19, 8, 81);

    @TempDir
    Path home;

    private static FitResult train(SameDiff graph, ScapeConfig config, int ranks, List<DataSet> data, int epochs) {
        return ScapeTrainer.builder().ranks(ranks).config(config).build().fit(graph, epoch -> data.iterator(), epochs);
    }

    private static void follow(TrainingConfig.Builder ofPlain, TrainingConfig.Builder ofParallel) {
        List<DataSet> halves = SameDiffGraphs.batches(40, 8, 3);
        SameDiff plain = SameDiffGraphs.classifier(ofPlain);
        SameDiff parallel = SameDiffGraphs.classifier(ofParallel);
        for (int i = 0; i < halves.size(); i += 2) {
            plain.fit(DataSet.merge(halves.subList(i, i + 2)));
        }
        FitResult result = train(parallel, DENSE, 2, halves, 1);
        assertEquals(20, result.steps());
        assertEquals(20, parallel.getTrainingConfig().getIterationCount());
        assertEquals(1, parallel.getTrainingConfig().getEpochCount());
        assertTrue(result.replicasIdentical());
        assertArrayEquals(SameDiffGraphs.parameters(plain), SameDiffGraphs.parameters(parallel), 1e-5f);
        assertEquals(Nd4j.ones(DataType.FLOAT, 2), parallel.getArrForVarName("unused"));
    }

    @Test
    void shouldFollowPlainFitWithAdamSWhenDense() {
        follow(
                TrainingConfig.builder().updater(new AdamS(5e-3)),
                TrainingConfig.builder().updater(new AdamS(5e-3)));
    }

    @Test
    void shouldFollowPlainFitWithRegularization() {
        follow(
                TrainingConfig.builder().updater(new AdamS(5e-3)).l2(0.02).l1(0.001),
                TrainingConfig.builder().updater(new AdamS(5e-3)).l2(0.02).l1(0.001));
        follow(
                TrainingConfig.builder().updater(new AdamS(5e-3)).weightDecay(0.1, true),
                TrainingConfig.builder().updater(new AdamS(5e-3)).weightDecay(0.1, true));
    }

    @Test
    void shouldLearnWhenSparseAndTellTheGraphsListeners() {
        SameDiff graph = SameDiffGraphs.classifier(new Adam(1e-2));
        List<Double> losses = new ArrayList<>();
        List<Integer> iterations = new ArrayList<>();
        graph.setListeners(new BaseListener() {
            @Override
            public boolean isActive(Operation operation) {
                return true;
            }

            @Override
            public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
                iterations.add(at.iteration());
                losses.add(loss.totalLoss());
            }
        });
        List<DataSet> data = SameDiffGraphs.batches(40, 32, 5);
        FitResult result = train(graph, SPARSE, 2, data, 8);
        assertTrue(result.replicasIdentical());
        assertEquals(160, result.steps());
        assertEquals(160, iterations.size());
        assertEquals(159, iterations.get(159));
        double first =
                losses.subList(0, 10).stream().mapToDouble(x -> x).average().orElseThrow();
        double last =
                losses.subList(150, 160).stream().mapToDouble(x -> x).average().orElseThrow();
        assertTrue(last < 0.6 * first, "loss " + first + " -> " + last);
    }

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void shouldEndWithTheSameBitsWhereverItWasStopped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (ScapeConfig config :
                List.of(SPARSE, SPARSE.toBuilder().lookAhead(true).build())) {
            String whole = train(SameDiffGraphs.classifier(new AdamS(0.01)), config, 2, DATA, 3)
                    .parametersSha256()
                    .get(0);
            for (int run = 0; run < 10; run++) {
                int stopAfter = 1 + random.nextInt(29);
                int every = 1 + random.nextInt(7);
                String name = "seed " + seed + ", stopped after step " + stopAfter + ", saved every " + every;
                CheckpointPolicy policy = CheckpointPolicy.in(home.resolve(config.lookAhead() + "-" + run))
                        .every(every);
                assertThrows(Stop.class, () -> stopped(config, stopAfter, policy), name);
                FitResult resumed = ScapeTrainer.builder()
                        .config(config)
                        .checkpoints(policy.resume())
                        .build()
                        .fit(SameDiffGraphs.classifier(new AdamS(0.01)), epoch -> DATA.iterator(), 3);
                assertEquals(List.of(whole, whole), resumed.parametersSha256(), name);
            }
        }
    }

    private static void stopped(ScapeConfig config, int stopAfter, CheckpointPolicy policy) {
        StepListener stop = stats -> {
            if (stats.step() == stopAfter) {
                throw new Stop();
            }
        };
        ScapeTrainer.builder()
                .config(config)
                .listeners(rank -> rank == 0 ? List.of(stop) : List.of())
                .checkpoints(policy)
                .build()
                .fit(SameDiffGraphs.classifier(new AdamS(0.01)), epoch -> DATA.iterator(), 3);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no training configuration", graph -> graph.setTrainingConfig(null)),
                refusal("minimize=false", graph -> graph.getTrainingConfig().setMinimize(false)),
                refusal("has no updater", graph -> graph.getTrainingConfig().setUpdater(null)),
                refusal("updater Nesterovs of b0", graph -> graph.getTrainingConfig()
                        .setUpdater(new Nesterovs(0.1))),
                refusal("maps no features", graph -> graph.getTrainingConfig().setDataSetFeatureMapping(List.of())),
                refusal("has no loss", graph -> graph.setLossVariables(new String[0])),
                refusal("the batch has 1 feature arrays (expected: 2", graph -> graph.getTrainingConfig()
                        .setDataSetFeatureMapping(List.of("input", "other"))));
    }

    private static Arguments refusal(String expected, Consumer<SameDiff> change) {
        return Arguments.of(expected, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void shouldRefuseWithARemedy(String expected, Consumer<SameDiff> change) {
        SameDiff graph = SameDiffGraphs.classifier(new AdamS(0.01));
        float[] before = SameDiffGraphs.parameters(graph);
        change.accept(graph);
        var failure = assertThrows(IllegalArgumentException.class, () -> train(graph, DENSE, 2, DATA, 1));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
        assertArrayEquals(before, SameDiffGraphs.parameters(graph));
    }

    @Test
    void shouldRefuseVariablesOfAnotherDataType() {
        SameDiff graph = SameDiff.create();
        var input = graph.placeHolder("input", DataType.DOUBLE, -1, 2);
        var weights = graph.var("w", Nd4j.ones(DataType.DOUBLE, 2, 1));
        input.mmul(weights).mean("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new AdamS(0.01))
                .dataSetFeatureMapping("input")
                .markLabelsUnused()
                .build());
        var failure = assertThrows(IllegalArgumentException.class, () -> train(graph, DENSE, 2, DATA, 1));
        assertTrue(failure.getMessage().startsWith("data type DOUBLE of variable w"), failure.getMessage());
    }
}
