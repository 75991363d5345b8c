package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.SparkListenable;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;

/** Entry point by network: each trains on every example once, as threads do, and leaves score and counts behind. */
@Tag("spark")
class EntryPointsTest {
    private static final int BATCHES = 12;
    private static final int SIZE = 8;

    @TempDir
    Path folder;

    private final JavaSparkContext context = LocalSpark.context();

    private static String onThreads(Model network, List<DataSet> data) {
        return ScapeTrainer.builder()
                .ranks(2)
                .config(ScapeConfig.builder().density(0.2).warmupSteps(5).build())
                .build()
                .fit(network, epoch -> data.iterator(), 1)
                .parametersSha256()
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("org.dl4jscape.spark.EntryPoint#all")
    void shouldTrainOnEveryExampleOnceAndLeaveScoreAndCounts(EntryPoint entry) throws Exception {
        Examples.forget();
        List<DataSet> data = Examples.numbered(BATCHES, SIZE);
        ScapeTrainingMaster master = LocalSpark.builder()
                .rddTrainingApproach(entry.approach())
                .exportDirectory(folder.resolve("export").toUri().toString())
                .trainingHooks(List.of(new Examples()))
                .build();
        boolean layers = entry.layers();
        Model network = layers ? LocalSpark.multiLayer() : LocalSpark.graph();
        SparkListenable spark = layers
                ? new SparkDl4jMultiLayer(context, (MultiLayerNetwork) network, master)
                : new SparkComputationGraph(context, (ComputationGraph) network, master);
        entry.epoch().fit(spark, new EntryPoint.Input(context, data, folder));
        assertEquals(IntStream.range(0, BATCHES * SIZE).boxed().toList(), Examples.seen());
        ScapeTrainingResult result = master.lastResults().get(0);
        assertEquals(BATCHES / 2, result.steps());
        assertTrue(Double.isFinite(result.score()), "score " + result.score());
        assertEquals(result.score(), network.score());
        if (network instanceof MultiLayerNetwork multiLayer) {
            assertEquals(BATCHES / 2, multiLayer.getIterationCount());
            assertEquals(1, multiLayer.getEpochCount());
            assertEquals(result.score(), ((SparkDl4jMultiLayer) spark).getScore());
        } else {
            assertEquals(BATCHES / 2, ((ComputationGraph) network).getIterationCount());
            assertEquals(1, ((ComputationGraph) network).getEpochCount());
            assertEquals(result.score(), ((SparkComputationGraph) spark).getScore());
        }
        if (entry.keepsOrder()) {
            assertEquals(
                    onThreads(layers ? LocalSpark.multiLayer() : LocalSpark.graph(), data), result.parametersSha256());
        }
    }
}
