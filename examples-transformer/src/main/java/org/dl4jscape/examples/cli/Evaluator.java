package org.dl4jscape.examples.cli;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Measures the loss on fixed windows, on a copy of the network and a thread of its own, since ND4J's workspaces are per thread. */
final class Evaluator implements AutoCloseable {
    private final ComputationGraph copy;
    private final List<DataSet> windows;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread evaluation = new Thread(task, "evaluation");
        evaluation.setDaemon(true);
        return evaluation;
    });

    Evaluator(ComputationGraph network, List<DataSet> windows) {
        copy = network.clone();
        this.windows = windows;
    }

    /** Mean loss with these parameters, in nats a character. */
    double loss(INDArray parameters) {
        try {
            return thread.submit(() -> evaluate(parameters)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("evaluation was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("evaluation failed: " + e.getCause(), e);
        }
    }

    private double evaluate(INDArray parameters) {
        copy.params().assign(parameters);
        double sum = 0;
        long count = 0;
        for (DataSet batch : windows) {
            long size = batch.getFeatures().size(0);
            sum += size * copy.score(batch);
            count += size;
        }
        return sum / count;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
