package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.spark.LocalSpark;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** The page "Coming from SharedTrainingMaster": what it adds to a program is compiled and run. */
class SwapInTest {
    private static final String PAGE = "site/guide/swap-in.md";
    private static final String SOURCE = "tests/system/src/test/java/org/dl4jscape/tests/site/SwapInTest.java";

    @Test
    @Tag("spark")
    void shouldTrainAsThePageSays() {
        LocalSpark.stop();
        MultiLayerNetwork network = QuickStartTest.network();
        List<DataSet> data = QuickStartTest.batches(24, 16, 5);
        int batchSize = 16;
        // #region context
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("swap-in")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                // Spark's default is 365 days.
                .set("spark.barrier.sync.timeout", "60s")
                // Residuals, moments and masks pass through the driver.
                .set("spark.driver.maxResultSize", "2g");
        // #endregion context
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            JavaRDD<DataSet> trainingData = spark.parallelize(data);
            // #region swap
            ScapeTrainingMaster master = new ScapeTrainingMaster.Builder(batchSize)
                    .ranks(2) // default: all task slots
                    .density(0.01)
                    .warmupSteps(100)
                    .timeout(Duration.ofSeconds(60))
                    .build();
            SparkDl4jMultiLayer trained = new SparkDl4jMultiLayer(spark, network, master);
            for (int epoch = 0; epoch < 2; epoch++) {
                trained.fit(trainingData);
            }
            // #endregion swap
            assertEquals(24, network.getIterationCount());
            assertEquals(
                    master.lastResults().get(0).parametersSha256(),
                    master.lastResults().get(1).parametersSha256());
            assertTrue(Double.isFinite(trained.getScore()));
        }
    }

    @Test
    void shouldAddOnlyLinesThatAreCompiled() {
        String source = Repository.text(SOURCE);
        Matcher diff = Pattern.compile("(?s)```diff\\n(.*?)```").matcher(Repository.text(PAGE));
        assertTrue(diff.find(), PAGE + " has no diff");
        List<String> added = Arrays.stream(diff.group(1).split("\n"))
                .filter(line -> line.startsWith("+") && !line.contains("<"))
                .map(line -> line.substring(1).strip())
                .toList();
        assertFalse(added.isEmpty());
        for (String line : added) {
            assertTrue(source.contains(line), "not in " + SOURCE + ": " + line);
        }
    }
}
