package org.dl4jscape.tests.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.spark.ScapeTrainingResult;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Real Spark, real UDP: two fits are one training of two epochs on threads, bit for bit. */
@Tag("spark")
class SparkOverAeronTest {
    private static final List<DataSet> DATA = Problem.batches(20, 8, 41);

    private static String onThreads(Model network, ScapeConfig config, int epochs) {
        return ScapeTrainer.builder()
                .ranks(2)
                .config(config)
                .build()
                .fit(network, epoch -> DATA.iterator(), epochs)
                .parametersSha256()
                .get(0);
    }

    private static String sha256(ScapeTrainingMaster master) {
        List<String> digests = master.lastResults().stream()
                .map(ScapeTrainingResult::parametersSha256)
                .toList();
        assertEquals(2, digests.size());
        assertEquals(digests.get(0), digests.get(1));
        return digests.get(0);
    }

    @Test
    void shouldTrainAMultiLayerNetworkAsThreadsDoAndEvaluateItBetweenEpochs() {
        ScapeTrainingMaster master = LocalSpark.overAeron(8).build();
        MultiLayerNetwork network = Problem.multiLayer();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(LocalSpark.context(), network, master);
        JavaRDD<DataSet> rdd = LocalSpark.dealt(DATA);
        spark.fit(rdd);
        assertEquals(onThreads(Problem.multiLayer(), Problem.sparse(), 1), sha256(master));
        Evaluation between = spark.evaluate(rdd);
        assertEquals(accuracy(network), between.accuracy(), 1e-9);
        spark.fit(rdd);
        assertEquals(onThreads(Problem.multiLayer(), Problem.sparse(), 2), sha256(master));
        assertEquals(20, network.getIterationCount());
        assertEquals(2, network.getEpochCount());
        assertEquals(10, master.lastResults().get(0).steps());
        assertEquals(master.lastResults().get(0).score(), spark.getScore());
        assertEquals(spark.getScore(), network.score());
        assertTrue(Double.isFinite(spark.getScore()));
    }

    private static double accuracy(MultiLayerNetwork network) {
        Evaluation evaluation = new Evaluation(Problem.CLASSES);
        for (DataSet batch : DATA) {
            evaluation.eval(batch.getLabels(), network.output(batch.getFeatures()));
        }
        return evaluation.accuracy();
    }

    @Test
    void shouldTrainAGraphOnDataSetsAndOnMultiDataSetsAsThreadsDo() {
        ScapeConfig config = Problem.sparse().toBuilder().lookAhead(true).build();
        ScapeTrainingMaster master = LocalSpark.overAeron(8).config(config).build();
        ComputationGraph network = Problem.graph();
        SparkComputationGraph spark = new SparkComputationGraph(LocalSpark.context(), network, master);
        spark.fit(LocalSpark.dealt(DATA));
        assertEquals(onThreads(Problem.graph(), config, 1), sha256(master));
        JavaRDD<MultiDataSet> multi = LocalSpark.dealt(DATA).map(DataSet::toMultiDataSet);
        spark.fitMultiDataSet(multi);
        assertEquals(onThreads(Problem.graph(), config, 2), sha256(master));
        assertEquals(20, network.getConfiguration().getIterationCount());
        assertEquals(2, network.getConfiguration().getEpochCount());
    }

    @Test
    void shouldTrainUnevenPartitionsAndCutThemToBatches() {
        List<DataSet> wide = new ArrayList<>(Problem.batches(3, 20, 42));
        wide.addAll(Problem.batches(1, 7, 43));
        JavaRDD<DataSet> uneven = LocalSpark.context()
                .parallelize(List.of(0, 1), 2)
                .flatMap(rank -> (rank == 0 ? wide : wide.subList(3, 4)).iterator());
        ScapeTrainingMaster master = LocalSpark.overAeron(8).build();
        MultiLayerNetwork network = Problem.multiLayer();
        new SparkDl4jMultiLayer(LocalSpark.context(), network, master).fit(uneven);
        sha256(master);
        // 67 examples in batches of 8 on rank 0; rank 1 has seven examples.
        assertEquals(9, network.getIterationCount());
    }

    @Test
    void shouldFailWithTheRanksMessageOnNaNAndLeaveTheNetworkAsItWas() {
        List<DataSet> broken = new ArrayList<>();
        DATA.forEach(batch -> broken.add(batch.copy()));
        broken.get(5).getFeatures().putScalar(3, Float.NaN);
        ScapeTrainingMaster master = LocalSpark.overAeron(8).build();
        MultiLayerNetwork network = Problem.multiLayer();
        float[] before = network.params().toFloatVector();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(LocalSpark.context(), network, master);
        Exception failure = assertThrows(SparkException.class, () -> spark.fit(LocalSpark.dealt(broken)));
        assertTrue(failure.getMessage().contains("rank 1: gradient of layer0_W"), failure.getMessage());
        assertArrayEquals(before, network.params().toFloatVector());
        assertEquals(0, network.getIterationCount());
        spark.fit(LocalSpark.dealt(DATA));
        assertEquals(onThreads(Problem.multiLayer(), Problem.sparse(), 1), sha256(master));
    }
}
