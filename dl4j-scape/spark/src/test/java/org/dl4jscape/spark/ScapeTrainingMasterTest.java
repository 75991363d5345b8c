package org.dl4jscape.spark;

import static org.dl4jscape.spark.LocalSpark.batches;
import static org.dl4jscape.spark.LocalSpark.graph;
import static org.dl4jscape.spark.LocalSpark.multiLayer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

@Tag("spark")
class ScapeTrainingMasterTest {
    private final JavaSparkContext context = LocalSpark.context();

    private static void assertEqualReplicas(ScapeTrainingMaster master) {
        assertEquals(2, master.lastResults().size());
        assertEquals(
                master.lastResults().get(0).parametersSha256(),
                master.lastResults().get(1).parametersSha256());
    }

    @Test
    void shouldTrainMultiLayerNetworkForTwoEpochs() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
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
        assertEquals(first, master.lastResults().get(0).steps());
        assertEquals(2 * first, net.getIterationCount());
        assertEquals(2, net.getEpochCount());
        assertEquals(master.lastResults().get(0).score(), spark.getScore());
        assertEqualReplicas(master);
    }

    @Test
    void shouldTrainGraphAndCallStepListenerOnRankZero() {
        CopyOnWriteArrayList<Integer> steps = new CopyOnWriteArrayList<>();
        ScapeTrainingMaster master = LocalSpark.builder()
                .stepListener(rank -> rank == 0 ? List.of(stats -> steps.add(stats.step())) : List.of())
                .build();
        ComputationGraph net = graph();
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
                    LocalSpark.builder().repartitionData(Repartition.Never).build();
            MultiLayerNetwork net = multiLayer();
            JavaRDD<DataSet> rdd = context.parallelize(List.of(rest, 10), 2)
                    .flatMap(count -> batches(count, 8, 3).iterator());
            new SparkDl4jMultiLayer(context, net, master).fit(rdd);
            assertEquals(10, net.getIterationCount());
            assertEqualReplicas(master);
        }
    }
}
