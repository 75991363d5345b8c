package org.dl4jscape.examples.cli;

import java.util.function.IntConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;

/** Where the ranks run. Every engine trains on the same batches and ends with the same bits. */
interface Engine {
    /**
     * Trains the network in stretches of steps.
     *
     * @param network changed in place
     * @param batches which rank trains on what
     * @param checkpoints where ranks save themselves, and whether they go on from there
     * @param onStep called after every step, with rank 0's view
     * @param afterStretch called with the number of each stretch, from 0, when it is over; the network is current
     */
    FitResult train(
            ComputationGraph network,
            BatchPlan batches,
            CheckpointPolicy checkpoints,
            StepListener onStep,
            IntConsumer afterStretch);
}
