package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** The code on the page "Checkpoints". */
class CheckpointsTest {
    @TempDir
    Path folder;

    @Test
    void shouldSaveAndGoOn() throws Exception {
        List<DataSet> batches = Problem.batches(40, 16, 5L);
        ScapeConfig config = ScapeConfig.builder().density(0.1).warmupSteps(10).build();
        MultiLayerNetwork network = Problem.multiLayer();
        // #region trainer
        CheckpointPolicy checkpoints =
                CheckpointPolicy.in(folder).every(500).keep(3).resume();
        FitResult result = ScapeTrainer.builder()
                .ranks(2)
                .config(config)
                .checkpoints(checkpoints)
                .build()
                .fit(network, epoch -> batches.iterator(), 3);
        // #endregion trainer
        assertEquals(60, result.steps());
        assertEquals(60, new CheckpointFolder(folder).latest().orElseThrow().step());
        // #region master
        ScapeTrainingMaster master = new ScapeTrainingMaster.Builder(16)
                .checkpoints(checkpoints)
                .repartitionData(Repartition.Never) // cut the RDD yourself, so that it is the same in every run
                .build();
        // #endregion master
        assertTrue(master.lastResults().isEmpty());
    }
}
