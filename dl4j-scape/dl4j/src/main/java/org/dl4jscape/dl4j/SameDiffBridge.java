package org.dl4jscape.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.config.ScapeConfig;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The bridge of a SameDiff graph.
 *
 * <p>SameDiff's {@code fit} updates variable by variable, with no moment when all gradients are there; so gradients are
 * calculated, and the step does the rest. SameDiff keeps no views (its holder of arrays copies them): the flat parameters are
 * copied into the variables before every pass.
 */
final class SameDiffBridge extends ModelBridge {
    private final SameDiff graph;
    private final TrainingConfig training;
    private final long seed;
    private final GraphVariables variables;
    private final BatchPlaceholders placeholders;
    private @Nullable GradientSink sink;
    private double score;

    private SameDiffBridge(SameDiff graph, long seed) {
        this.graph = graph;
        this.seed = seed;
        training = GraphChecks.trainingConfig(graph);
        placeholders = new BatchPlaceholders(training);
        variables = GraphVariables.of(graph);
    }

    static SameDiffBridge of(SameDiff graph, long seed) {
        return new SameDiffBridge(graph, seed);
    }

    @Override
    Model network() {
        throw new IllegalStateException("a SameDiff graph is trained (expected: a network); keep the graph itself");
    }

    /** By the graph's own file format, since {@code SameDiff.dup()} leaves the training configuration out. */
    @Override
    ModelBridge copy() {
        try {
            SameDiff copy = SameDiff.fromFlatBuffers(graph.asFlatBuffers(false));
            copy.setTrainingConfig(TrainingConfig.fromJson(training.toJson()));
            copy.setLossVariables(graph.getLossVariables().toArray(new String[0]));
            return new SameDiffBridge(copy, seed);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the graph cannot be copied for another rank (" + e + "); save and load it once", e);
        }
    }

    @Override
    void install(GradientSink value) {
        sink = value;
    }

    @Override
    void uninstall() {
        sink = null;
    }

    @Override
    void requireInstalled() {
        if (sink == null) {
            throw new IllegalStateException("this trainer of a SameDiff graph is closed; join anew");
        }
    }

    @Override
    NetworkLayout layout(ScapeConfig config) {
        return variables.layout(training, config);
    }

    @Override
    void fit(DataSet batch) {
        fit(batch.toMultiDataSet());
    }

    @Override
    void fit(MultiDataSet batch) {
        At at = new At(epoch(), iteration(), 0, Thread.currentThread().getId(), null, Operation.TRAINING);
        for (Listener listener : graph.getListeners()) {
            listener.iterationStart(graph, at, batch, 0);
        }
        variables.publish();
        OutAndGrad result = graph.calculateGradientsAndOutputs(
                placeholders.of(batch), graph.getLossVariables(), variables.trained());
        Loss loss = loss(result.getOutputs());
        score = loss.totalLoss();
        variables.takeGradients(result.getGradients(), training);
        requireInstalled();
        Objects.requireNonNull(sink).accept(iteration(), epoch(), batchSize(batch));
        training.incrementIterationCount();
        if (!graph.getListeners().isEmpty()) {
            variables.publish();
            for (Listener listener : graph.getListeners()) {
                listener.iterationDone(graph, at, batch, loss);
            }
        }
    }

    private Loss loss(Map<String, INDArray> outputs) {
        var names = graph.getLossVariables();
        double[] values = new double[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNull(outputs.get(names.get(i)), names.get(i))
                    .sumNumber()
                    .doubleValue();
        }
        return new Loss(names, values);
    }

    private static int batchSize(MultiDataSet batch) {
        return (int) batch.getFeatures(0).size(0);
    }

    @Override
    double score() {
        return score;
    }

    @Override
    long seed() {
        return seed;
    }

    /** SameDiff knows no constraints. */
    @Override
    void applyConstraints(int iteration, int epoch) {}

    @Override
    int iteration() {
        return training.getIterationCount();
    }

    @Override
    int epoch() {
        return training.getEpochCount();
    }

    @Override
    void setIteration(int value) {
        training.setIterationCount(value);
    }

    @Override
    void setEpoch(int value) {
        training.setEpochCount(value);
    }

    @Override
    FloatBuffer parameterView() {
        return variables.parameterView();
    }

    @Override
    FloatBuffer gradientView() {
        return variables.gradientView();
    }

    @Override
    void publish() {
        variables.publish();
    }
}
