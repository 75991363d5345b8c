package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.impl.SerializedDataSetLoader;
import org.deeplearning4j.core.loader.impl.SerializedMultiDataSetLoader;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from files: what cannot be loaded is named, and so is what was not given. */
@Tag("spark")
class PathsTest {
    @TempDir
    Path folder;

    private final JavaSparkContext context = LocalSpark.context();
    private final ScapeTrainingMaster master = LocalSpark.builder().build();
    private final SparkDl4jMultiLayer layers = new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master);
    private final JavaRDD<String> paths = context.parallelize(List.of("file:/no/1.bin", "file:/no/2.bin"), 2);

    @Test
    void shouldNameAFileThatCannotBeLoaded() {
        Exception failure = assertThrows(Exception.class, () -> layers.fitPaths(paths));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("file:/no/") && message.contains("cannot be loaded by"), message);
        assertEquals(0, layers.getNetwork().getIterationCount());
    }

    private String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void shouldSayWhatIsMissingOrDouble() {
        SparkComputationGraph graph = new SparkComputationGraph(context, LocalSpark.graph(), master);
        SerializedDataSetLoader single = new SerializedDataSetLoader();
        SerializedMultiDataSetLoader multi = new SerializedMultiDataSetLoader();
        assertEquals(
                "no network (expected: one of SparkDl4jMultiLayer and SparkComputationGraph)",
                refusal(() -> master.executeTrainingPaths(null, null, paths, single, null)));
        assertEquals(
                "two networks (expected: one of SparkDl4jMultiLayer and SparkComputationGraph)",
                refusal(() -> master.executeTrainingPaths(layers, graph, paths, single, null)));
        assertEquals(
                "no loader (expected: one of DataSetLoader and MultiDataSetLoader)",
                refusal(() -> master.executeTrainingPaths(layers, null, paths, null, null)));
        assertEquals(
                "a DataSetLoader and a MultiDataSetLoader (expected: one of DataSetLoader and MultiDataSetLoader)",
                refusal(() -> master.executeTrainingPaths(null, graph, paths, single, multi)));
        assertEquals(
                "the RDD has 1 elements (expected: >= ranks=2); use fewer ranks or smaller DataSets",
                refusal(() -> layers.fitPaths(context.parallelize(List.of("file:/no/1.bin"), 1))));
    }
}
