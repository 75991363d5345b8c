package org.dl4jscape.tests.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.dl4j.AdamS;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import scala.Tuple2;

/**
 * What Deeplearning4j's own suites check of its training masters, checked of this one.
 *
 * <p>The page "Coming from SharedTrainingMaster" lists which test stands for which, and what differs.
 */
@Tag("slow")
@Tag("spark")
class PeerChecksTest {
    private static final List<DataSet> DATA = Problem.batches(12, 8, 81);

    private final JavaSparkContext context = LocalSpark.context();

    private static ScapeTrainingMaster master() {
        return LocalSpark.overAeron(8).build();
    }

    private JavaRDD<DataSet> rdd() {
        return LocalSpark.dealt(DATA);
    }

    /** After TestSparkMultiLayerParameterAveraging: a network from its configuration alone. */
    @Test
    void shouldTrainANetworkThatTheWrapperMakesFromItsConfiguration() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(
                context, Problem.multiLayer().getLayerWiseConfigurations().clone(), master());
        INDArray before = spark.getNetwork().params().dup();
        assertEquals(spark.getNetwork(), spark.fit(rdd()));
        assertNotEquals(before, spark.getNetwork().params());
    }

    /** After testIterationCounts, there for both networks. */
    @Test
    void shouldCountIterationsOverFits() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, Problem.multiLayer(), master());
        for (int fit = 1; fit <= 3; fit++) {
            spark.fit(rdd());
            assertEquals(fit * DATA.size() / 2, spark.getNetwork().getIterationCount());
            assertEquals(fit, spark.getNetwork().getEpochCount());
        }
    }

    /** After testSeedRepeatability: there approximate and by the master's seed, here by bits and the network's. */
    @Test
    void shouldRepeatATrainingBitForBit() {
        List<INDArray> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            MultiLayerNetwork network = Problem.multiLayer();
            new SparkDl4jMultiLayer(context, network, master()).fit(rdd());
            runs.add(network.params().dup());
        }
        assertEquals(runs.get(0), runs.get(1));
        MultiLayerNetwork other = Problem.multiLayer();
        other.getLayerWiseConfigurations().getConf(0).setSeed(18);
        new SparkDl4jMultiLayer(context, other, master()).fit(rdd());
        assertNotEquals(runs.get(0), other.params(), "the seed decides the dropout");
    }

    /** After testUpdaters: the configured updater is not changed by training. */
    @Test
    void shouldLeaveTheConfiguredUpdaterAsItIs() {
        MultiLayerNetwork network = Problem.multiLayer();
        new SparkDl4jMultiLayer(context, network, master()).fit(rdd());
        assertEquals(new AdamS(0.01), ((BaseLayer) network.getLayer(0).conf().getLayer()).getIUpdater());
    }

    /** After testDistributedScoring: scores of a trained network by example, with and without regularisation. */
    @Test
    void shouldScoreExamplesOnSparkAsLocally() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, Problem.multiLayer(), master());
        spark.fit(rdd());
        DataSet held = Problem.batches(1, 24, 82).get(0);
        List<Tuple2<Integer, DataSet>> keyed = new ArrayList<>();
        for (int i = 0; i < held.numExamples(); i++) {
            keyed.add(new Tuple2<>(i, held.get(i)));
        }
        JavaPairRDD<Integer, DataSet> rdd = context.parallelizePairs(keyed, 3);
        for (boolean regularised : new boolean[] {true, false}) {
            INDArray local = spark.getNetwork().scoreExamples(held, regularised);
            Map<Integer, Double> found =
                    spark.scoreExamples(rdd, regularised, 4).collectAsMap();
            for (int i = 0; i < held.numExamples(); i++) {
                assertEquals(local.getDouble(i), found.get(i), 1e-5, "example " + i);
            }
        }
        double local = spark.getNetwork().score(held, false);
        assertEquals(local, spark.calculateScore(context.parallelize(held.asList(), 2), true), 1e-4);
    }

    /** After testSmallAmountOfData: there executors without data pass, here too few elements are refused, and why is said. */
    @Test
    void shouldSayThatThereAreFewerElementsThanRanks() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, Problem.multiLayer(), master());
        JavaRDD<DataSet> one = context.parallelize(DATA.subList(0, 1), 2);
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> spark.fit(one))
                        .getMessage())
                .startsWith("the RDD has 1 elements (expected: >= ranks=2)"));
        JavaRDD<DataSet> two = context.parallelize(DATA.subList(0, 2), 2);
        spark.fit(two);
        assertEquals(1, spark.getNetwork().getIterationCount());
    }

    /** After TestFrozenLayers: what is frozen stays, what is not learns. */
    @Test
    void shouldLeaveFrozenLayersAsTheyAre() {
        MultiLayerNetwork network = new TransferLearning.Builder(Problem.multiLayer())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new AdamS(0.01))
                        .build())
                .setFeatureExtractor(0)
                .build();
        INDArray frozen = network.getLayer(0).params().dup();
        INDArray output = network.getLayer(2).params().dup();
        new SparkDl4jMultiLayer(context, network, master()).fit(rdd());
        assertEquals(frozen, network.getLayer(0).params());
        assertNotEquals(output, network.getLayer(2).params());
    }
}
