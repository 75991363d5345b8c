package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/** What the master does not do it refuses with a sentence, on the driver, before a job of its own is started. */
@Tag("spark")
class RefusalsTest {
    private final JavaSparkContext context = LocalSpark.context();

    private static String unsupported(Executable call) {
        return assertThrows(UnsupportedOperationException.class, call).getMessage();
    }

    @Test
    void shouldRefuseToDriveAWorkerByMinibatches() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        ScapeTrainingWorker worker =
                master.getWorkerInstance(new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master));
        DataSet batch = LocalSpark.batches(1, 8, 1).get(0);
        String reason = " is not supported: SCAPE ranks exchange at every step, so whole partitions are trained;"
                + " call fit(rdd)";
        MultiLayerNetwork net = worker.getInitialModel();
        assertEquals("processMinibatch" + reason, unsupported(() -> worker.processMinibatch(batch, net, true)));
        assertEquals("getFinalResult" + reason, unsupported(() -> worker.getFinalResult(net)));
        assertEquals("getFinalResultNoData" + reason, unsupported(worker::getFinalResultNoData));
    }

    private int jobs() {
        return context.statusTracker().getJobIdsForGroup(null).length;
    }

    private String refusal(ScapeTrainingMaster master, MultiLayerNetwork net, JavaRDD<DataSet> data) {
        float[] before = net.params().toFloatVector();
        int jobs = jobs();
        RuntimeException failure =
                assertThrows(RuntimeException.class, () -> new SparkDl4jMultiLayer(context, net, master).fit(data));
        assertEquals(jobs, jobs(), "jobs were started before the refusal");
        assertArrayEquals(before, net.params().toFloatVector());
        assertEquals(0, net.getIterationCount());
        return failure.getMessage();
    }

    @Test
    void shouldRefuseMoreRanksThanSlotsWithoutAskingSpark() {
        String slots = refusal(
                LocalSpark.builder().ranks(3).build(),
                LocalSpark.multiLayer(),
                context.parallelize(LocalSpark.batches(4, 8, 4), 2));
        assertEquals(
                "ranks=3 (expected: <= 2, the task slots that Spark has now); use fewer ranks, or more executors or cores",
                slots);
    }

    @Test
    void shouldRefuseAnUpdaterOfAnotherFamilyBeforeAnyJob() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(0.1))
                .list()
                .layer(new OutputLayer.Builder().nIn(4).nOut(2).build())
                .build());
        net.init();
        String updater =
                refusal(LocalSpark.builder().build(), net, context.parallelize(LocalSpark.batches(4, 8, 4), 2));
        assertTrue(updater.startsWith("updater Nesterovs of layer0_W (expected: one of ["), updater);
    }

    @Test
    void shouldRefuseFewerElementsThanRanksAndAWrongNumberOfPartitions() {
        SparkDl4jMultiLayer fine = new SparkDl4jMultiLayer(
                context, LocalSpark.multiLayer(), LocalSpark.builder().build());
        for (List<DataSet> few : List.of(LocalSpark.batches(1, 8, 5), new ArrayList<DataSet>())) {
            JavaRDD<DataSet> rdd = context.parallelize(few, 2);
            String message = assertThrows(IllegalArgumentException.class, () -> fine.fit(rdd))
                    .getMessage();
            assertEquals(
                    "the RDD has " + few.size()
                            + " elements (expected: >= ranks=2); use fewer ranks or smaller DataSets",
                    message);
        }
        SparkDl4jMultiLayer never = new SparkDl4jMultiLayer(
                context,
                LocalSpark.multiLayer(),
                LocalSpark.builder().repartitionData(Repartition.Never).build());
        JavaRDD<DataSet> three = context.parallelize(LocalSpark.batches(6, 8, 5), 3);
        assertEquals(
                "the RDD has 3 partitions (expected: ranks=2), and repartition is Never; repartition it, or use"
                        + " Repartition.Always",
                assertThrows(IllegalArgumentException.class, () -> never.fit(three))
                        .getMessage());
    }

    @Test
    void shouldRefuseSpeculation() {
        // The live configuration: a context per setting would cost a JVM each.
        context.sc().conf().set("spark.speculation", "true");
        try {
            String message = refusal(
                    LocalSpark.builder().build(),
                    LocalSpark.multiLayer(),
                    context.parallelize(LocalSpark.batches(4, 8, 4), 2));
            assertEquals(
                    "spark.speculation=true (expected: false), since a second copy of a rank would break the group;"
                            + " switch it off",
                    message);
        } finally {
            context.sc().conf().set("spark.speculation", "false");
        }
    }
}
