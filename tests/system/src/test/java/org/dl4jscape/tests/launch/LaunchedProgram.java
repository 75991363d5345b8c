package org.dl4jscape.tests.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.dl4j.launch.ProcessRank;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.faults.Signal;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A user's program as {@code scape-launch} starts it.
 *
 * <p>Arguments: transport, folder of checkpoints, then optionally a step in which rank 1 of the first generation kills itself.
 */
public final class LaunchedProgram {
    static final int EPOCHS = 3;
    static final int BATCHES = 22;

    private LaunchedProgram() {}

    /** Batches of all ranks, not the same number for each. */
    static List<DataSet> batches() {
        return Problem.batches(BATCHES, 8, 31);
    }

    /** See the class. */
    public static void main(String[] arguments) {
        ProcessRank place = ProcessRank.fromEnvironment();
        int killAt = arguments.length > 2 ? Integer.parseInt(arguments[2]) : -1;
        AtomicInteger ran = new AtomicInteger();
        StepListener listener = stats -> {
            ran.incrementAndGet();
            if (stats.step() == killAt
                    && place.group().rank() == 1
                    && place.group().generation() == 0) {
                Signal.KILL.send(ProcessHandle.current().pid());
            }
        };
        MultiLayerNetwork network = Problem.multiLayer();
        List<DataSet> batches = batches();
        Path checkpoints = Path.of(arguments[1]);
        // #region program
        ScapeTrainer.Builder trainer = ScapeTrainer.builder()
                .group(ProcessRank.fromEnvironment())
                .checkpoints(CheckpointPolicy.in(checkpoints).every(4).resume());
        // #endregion
        FitResult result = trainer.config(Problem.sparse())
                .transport(arguments[0])
                .timeout(Duration.ofMinutes(2))
                .listeners(rank -> List.of(listener))
                .build()
                .fit(network, epoch -> batches.iterator(), EPOCHS);
        System.out.println("sha256=" + String.join(",", result.parametersSha256()));
        System.out.println("steps=" + result.steps());
        System.out.println("stepsOfThisProcess=" + ran);
        System.exit(0);
    }
}
