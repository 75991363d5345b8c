package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.AdamS;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.weightinit.impl.XavierInitScheme;

/** The SameDiff graph of the quick start. */
class SameDiffPageTest {
    private static List<DataSet> batches() {
        Random random = new Random(11);
        List<DataSet> batches = new ArrayList<>();
        for (int batch = 0; batch < 40; batch++) {
            INDArray features = Nd4j.create(DataType.FLOAT, 16, 4);
            INDArray labels = Nd4j.create(DataType.FLOAT, 16, 1);
            for (int i = 0; i < 16; i++) {
                double sum = 0;
                for (int j = 0; j < 4; j++) {
                    double value = random.nextGaussian();
                    features.putScalar(i, j, value);
                    sum += (j + 1) * value;
                }
                labels.putScalar(i, 0, sum);
            }
            batches.add(new DataSet(features, labels));
        }
        return batches;
    }

    @Test
    void shouldTrainTheGraphOfThePage() {
        List<DataSet> batches = batches();
        Nd4j.getRandom().setSeed(1);
        // #region graph
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.placeHolder("input", DataType.FLOAT, -1, 4);
        SDVariable label = graph.placeHolder("label", DataType.FLOAT, -1, 1);
        SDVariable weights = graph.var("weights", new XavierInitScheme('c', 4, 1), DataType.FLOAT, 4, 1);
        graph.loss.meanSquaredError("loss", label, input.mmul(weights), null);
        graph.setLossVariables("loss");
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new AdamS(0.05))
                .dataSetFeatureMapping("input")
                .dataSetLabelMapping("label")
                .build());

        FitResult result = ScapeTrainer.builder()
                .ranks(2)
                .config(ScapeConfig.builder().density(0.5).warmupSteps(10).build())
                .build()
                .fit(graph, epoch -> batches.iterator(), 10);
        // #endregion graph
        assertTrue(result.replicasIdentical());
        float[] found = graph.getArrForVarName("weights").data().asFloat();
        for (int i = 0; i < found.length; i++) {
            assertTrue(Math.abs(found[i] - (i + 1)) < 0.3, "weight " + i + " is " + found[i]);
        }
    }
}
