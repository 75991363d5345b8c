package org.dl4jscape.tests.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.earlystopping.SparkDataSetLossCalculator;
import org.deeplearning4j.spark.earlystopping.SparkEarlyStoppingTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** Deeplearning4j's early stopping for Spark, around a SCAPE master. */
@Tag("spark")
class EarlyStoppingTest {
    @Test
    void shouldStopAndReturnTheBestModel() {
        JavaRDD<DataSet> train = LocalSpark.dealt(Problem.batches(20, 8, 51));
        List<DataSet> held = Problem.batches(4, 32, 52);
        JavaRDD<DataSet> validation = LocalSpark.context().parallelize(held, 2);
        MultiLayerNetwork network = Problem.multiLayer();
        double before = network.score(DataSet.merge(held));
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
                .scoreCalculator(new SparkDataSetLossCalculator(
                        validation, true, LocalSpark.context().sc()))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<MultiLayerNetwork> result = new SparkEarlyStoppingTrainer(
                        LocalSpark.context(), LocalSpark.overAeron(8).build(), configuration, network, train)
                .fit();
        assertEquals(EarlyStoppingResult.TerminationReason.EpochTerminationCondition, result.getTerminationReason());
        assertEquals(3, result.getTotalEpochs());
        assertEquals(3, result.getScoreVsEpoch().size());
        double best = result.getBestModel().score(DataSet.merge(held));
        assertEquals(result.getBestModelScore(), best, 1e-4);
        assertTrue(best < before, "loss " + before + " -> " + best);
    }
}
