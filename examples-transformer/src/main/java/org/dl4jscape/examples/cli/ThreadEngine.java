package org.dl4jscape.examples.cli;

import java.util.List;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;

/** Engine {@code jvm}: ranks are threads. */
record ThreadEngine(PretrainOptions options) implements Engine {
    @Override
    public FitResult train(
            ComputationGraph network,
            BatchPlan batches,
            CheckpointPolicy checkpoints,
            StepListener onStep,
            IntConsumer afterStretch) {
        ScapeTrainer.Builder builder = ScapeTrainer.builder()
                .ranks(options.ranks)
                .config(options.config())
                .transport(options.transport)
                .kernels(options.kernels)
                .listeners(rank -> rank == 0 ? List.of(onStep) : List.of())
                .checkpoints(checkpoints)
                .epochListener(afterStretch);
        options.transportProperties.forEach(builder::transportProperty);
        return builder.build().fit(network, batches::all, batches.stretches());
    }
}
