package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.dl4j.AdamS;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

@Tag("spark")
class ScapeTrainingMasterTest {
    private static JavaSparkContext context;

    @BeforeAll
    static void startSpark() {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("scape-test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.barrier.sync.timeout", "30s"));
    }

    @AfterAll
    static void stopSpark() {
        context.stop();
    }

    private static ScapeTrainingMaster.Builder builder() {
        return new ScapeTrainingMaster.Builder(8)
                .ranks(2)
                .density(0.2)
                .warmupSteps(5)
                .transport("inprocess");
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(new AdamS(0.01))
                .activation(Activation.TANH);
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder().nIn(4).nOut(12).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(12)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork multiLayer() {
        MultiLayerNetwork net = new MultiLayerNetwork(
                base().list().layer(hidden()).layer(output()).build());
        net.init();
        return net;
    }

    private static List<DataSet> batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> all = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            float[][] inputs = new float[size][4];
            float[][] labels = new float[size][2];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < 4; j++) {
                    inputs[i][j] = (float) random.nextGaussian();
                }
                labels[i][inputs[i][0] + inputs[i][1] > 0 ? 1 : 0] = 1;
            }
            all.add(new DataSet(Nd4j.create(inputs), Nd4j.create(labels)));
        }
        return all;
    }

    private static void assertEqualReplicas(ScapeTrainingMaster master) {
        assertEquals(2, master.lastResults().size());
        assertEquals(
                master.lastResults().get(0).parametersSha256(),
                master.lastResults().get(1).parametersSha256());
    }

    @Test
    void shouldTrainMultiLayerNetworkForTwoEpochs() {
        ScapeTrainingMaster master = builder().build();
        MultiLayerNetwork net = multiLayer();
        List<DataSet> data = batches(40, 8, 1);
        DataSet all = DataSet.merge(data);
        double before = net.score(all);
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, net, master);
        JavaRDD<DataSet> rdd = context.parallelize(data, 2);
        spark.fit(rdd);
        int first = master.lastResults().get(0).steps();
        spark.fit(rdd);
        assertTrue(net.score(all) < before * 0.8, "loss " + before + " -> " + net.score(all));
        assertEquals(2 * first, master.lastResults().get(0).steps(), "the state is carried over");
        assertEquals(2 * first, net.getIterationCount());
        assertEquals(2, net.getEpochCount());
        assertEquals(master.lastResults().get(0).score(), spark.getScore());
        assertEqualReplicas(master);
    }

    @Test
    void shouldTrainGraphAndCallStepListenerOnRankZero() {
        CopyOnWriteArrayList<Integer> steps = new CopyOnWriteArrayList<>();
        ScapeTrainingMaster master = builder()
                .stepListener(rank -> rank == 0 ? List.of(stats -> steps.add(stats.step())) : List.of())
                .build();
        ComputationGraph net = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("out", output(), "hidden")
                .setOutputs("out")
                .build());
        net.init();
        List<DataSet> data = batches(40, 8, 2);
        double before = net.score(DataSet.merge(data));
        SparkComputationGraph spark = new SparkComputationGraph(context, net, master);
        JavaRDD<DataSet> rdd = context.parallelize(data, 2);
        spark.fit(rdd);
        spark.fit(rdd);
        assertTrue(net.score(DataSet.merge(data)) < before * 0.8);
        assertEquals(net.getIterationCount(), steps.size());
        assertEqualReplicas(master);
    }

    @Test
    void shouldTrainWithUnevenAndWithEmptyPartition() {
        for (int rest : new int[] {3, 0}) {
            ScapeTrainingMaster master =
                    builder().repartitionData(Repartition.Never).build();
            MultiLayerNetwork net = multiLayer();
            JavaRDD<DataSet> rdd = context.parallelize(List.of(rest, 10), 2)
                    .flatMap(count -> batches(count, 8, 3).iterator());
            new SparkDl4jMultiLayer(context, net, master).fit(rdd);
            assertEquals(10, net.getIterationCount());
            assertEqualReplicas(master);
        }
    }

    @Test
    void shouldRoundTripThroughJsonAndYaml() {
        ScapeTrainingMaster master = builder().build();
        assertEquals(
                master.toJson(), ScapeTrainingMaster.fromJson(master.toJson()).toJson());
        assertEquals(
                master.toYaml(), ScapeTrainingMaster.fromYaml(master.toYaml()).toYaml());
        assertEquals(
                master.config().digest(),
                ScapeTrainingMaster.fromJson(master.toJson()).config().digest());
    }

    @Test
    void shouldRefuseMoreRanksThanSlotsAndTooFewElements() {
        SparkDl4jMultiLayer tooMany = new SparkDl4jMultiLayer(
                context, multiLayer(), builder().ranks(3).build());
        JavaRDD<DataSet> four = context.parallelize(batches(4, 8, 4), 2);
        String slots = assertThrows(IllegalStateException.class, () -> tooMany.fit(four))
                .getMessage();
        assertTrue(slots.contains("ranks=3 (expected: <= 2"), slots);
        SparkDl4jMultiLayer fine =
                new SparkDl4jMultiLayer(context, multiLayer(), builder().build());
        JavaRDD<DataSet> one = context.parallelize(batches(1, 8, 5), 2);
        String few = assertThrows(IllegalArgumentException.class, () -> fine.fit(one))
                .getMessage();
        assertTrue(few.contains("1 elements (expected: >= ranks=2)"), few);
    }

    @Test
    void shouldCutAndJoinElementsToBatches() {
        BatchIterator iterator = new BatchIterator(batches(3, 5, 6).iterator(), 4);
        List<Integer> sizes = new ArrayList<>();
        iterator.forEachRemaining(batch -> sizes.add(((DataSet) batch).numExamples()));
        assertEquals(List.of(4, 4, 4, 3), sizes);
    }
}
