package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.stats.EventStats;
import org.deeplearning4j.spark.stats.StatsUtils;
import org.dl4jscape.core.step.StepPhase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Spark training statistics: where the time of driver and ranks went, in the forms that Deeplearning4j knows. */
@Tag("spark")
class TrainingStatsTest {
    @TempDir
    Path folder;

    private final JavaSparkContext context = LocalSpark.context();
    private final JavaRDD<DataSet> data = context.parallelize(LocalSpark.batches(6, 8, 1), 2);

    @Test
    void shouldTimeDriverAndRanksFitByFit() throws Exception {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master);
        spark.setCollectTrainingStats(true);
        assertTrue(master.getIsCollectTrainingStats());
        long before = System.currentTimeMillis();
        spark.fit(data);
        spark.fit(data);
        long after = System.currentTimeMillis();
        SparkTrainingStats stats = spark.getSparkTrainingStats();
        assertNotNull(stats);
        assertEquals(2, stats.getValue("ScapeFit").size());
        for (String key : stats.getKeySet()) {
            assertEquals(key.equals("ScapeFit") ? 2 : 4, stats.getValue(key).size(), key);
            for (EventStats event : stats.getValue(key)) {
                assertTrue(event.getStartTime() >= before && event.getDurationMs() >= 0, key + " " + event);
                assertTrue(event.getStartTime() + event.getDurationMs() <= after, key + " " + event);
            }
            assertTrue(stats.statsAsString().contains(key), key);
            assertFalse(stats.getShortNameForKey(key).isEmpty(), key);
        }
        assertEquals(4 + StepPhase.values().length, stats.getKeySet().size());
        assertTrue(stats.getKeySet().contains("ScapeRankStepReduceScatter"));
        assertNull(stats.getNestedTrainingStats());
        assertExports(stats);
    }

    private void assertExports(SparkTrainingStats stats) throws Exception {
        stats.exportStatFiles(folder.toUri().toString(), context.sc());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    stats.getKeySet().size(),
                    files.filter(file -> file.toString().endsWith(".txt")).count());
        }
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        StatsUtils.exportStatsAsHTML(stats, page);
        assertTrue(page.toString(StandardCharsets.UTF_8).contains("ScapeRankTrain"));
    }

    @Test
    void shouldCollectNothingUnlessAsked() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master);
        spark.fit(data);
        assertFalse(master.getIsCollectTrainingStats());
        assertNull(spark.getSparkTrainingStats());
        assertTrue(LocalSpark.builder().collectTrainingStats(true).build().getIsCollectTrainingStats());
    }

    @Test
    void shouldNameTheKeysWhereOneIsUnknown() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new ScapeTrainingStats().getValue("ScapeNap"))
                .getMessage();
        assertTrue(message.startsWith("key=ScapeNap (expected: one of [ScapeFit, ScapeRankConnect,"), message);
    }
}
