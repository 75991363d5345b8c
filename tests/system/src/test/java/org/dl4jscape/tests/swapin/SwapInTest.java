package org.dl4jscape.tests.swapin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.spark.LocalSpark;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** Programs that know nothing of SCAPE, with {@link ScapeTrainingMaster} put in: they learn what they learned before. */
@Tag("spark")
class SwapInTest {
    private static ScapeTrainingMaster master(int batchSize) {
        return new ScapeTrainingMaster.Builder(batchSize)
                .ranks(2)
                .density(0.05)
                .warmupSteps(20)
                .build();
    }

    @Test
    void shouldLearnDigitsAsPlainFitAndParameterAveragingDo() {
        JavaSparkContext context = LocalSpark.context();
        MultiLayerNetwork plain = DigitsProgram.network();
        DigitsProgram.fit(plain, DigitsProgram.digits(2560, 1), 2);
        double alone = DigitsProgram.accuracy(plain, DigitsProgram.digits(640, 2));
        assertTrue(alone > 0.9, "plain fit: " + alone);
        double averaged = DigitsProgram.run(context, averaging(), 3);
        assertTrue(averaged > 0.9, "parameter averaging: " + averaged);
        double sparse = DigitsProgram.run(context, scape(), 3);
        assertTrue(sparse > 0.9, "SCAPE: " + sparse + ", parameter averaging: " + averaged + ", plain fit: " + alone);
    }

    private static TrainingMaster<?, ?> averaging() {
        // #region averaging
        TrainingMaster<?, ?> master = new ParameterAveragingTrainingMaster.Builder(32)
                .batchSizePerWorker(32)
                .averagingFrequency(5)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .build();
        // #endregion averaging
        return master;
    }

    private static TrainingMaster<?, ?> scape() {
        // #region scape
        TrainingMaster<?, ?> master = new ScapeTrainingMaster.Builder(32)
                .ranks(2)
                .density(0.05)
                .warmupSteps(20)
                .build();
        // #endregion scape
        return master;
    }

    @Test
    void shouldLearnSequencesAsPlainFitDoes() {
        List<DataSet> train = SequencesProgram.sequences(800, 20, 3);
        List<DataSet> test = SequencesProgram.sequences(400, 40, 4);
        ComputationGraph plain = SequencesProgram.network();
        for (int epoch = 0; epoch < 3; epoch++) {
            train.forEach(plain::fit);
        }
        double accuracy = SequencesProgram.accuracy(plain, test);
        assertTrue(accuracy > 0.95, "plain fit: " + accuracy);

        ComputationGraph network = SequencesProgram.network();
        double before = network.score(DataSet.merge(test));
        JavaRDD<DataSet> rdd = LocalSpark.context().parallelize(train, 4);
        SparkComputationGraph spark = new SparkComputationGraph(LocalSpark.context(), network, master(20));
        for (int epoch = 0; epoch < 4; epoch++) {
            spark.fit(rdd);
        }
        double sparse = SequencesProgram.accuracy(network, test);
        double after = network.score(DataSet.merge(test));
        assertTrue(sparse > 0.95, "SCAPE at density 0.05: " + sparse + ", plain fit: " + accuracy);
        assertTrue(after < 0.3 * before, "loss " + before + " -> " + after);
    }
}
