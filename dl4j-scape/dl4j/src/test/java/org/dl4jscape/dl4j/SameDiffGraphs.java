package org.dl4jscape.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** A two-layer classifier as a SameDiff graph, and data for it. */
final class SameDiffGraphs {
    static final int INPUTS = 6;
    static final int HIDDEN = 10;
    static final int CLASSES = 3;

    private SameDiffGraphs() {}

    static SameDiff classifier(IUpdater updater) {
        return classifier(TrainingConfig.builder().updater(updater));
    }

    /** Weights of the same values at every call. */
    static SameDiff classifier(TrainingConfig.Builder training) {
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.placeHolder("input", DataType.FLOAT, -1, INPUTS);
        SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, -1, CLASSES);
        SDVariable w0 = graph.var("w0", weights(INPUTS, HIDDEN, 1));
        SDVariable b0 = graph.var("b0", Nd4j.zeros(DataType.FLOAT, HIDDEN));
        SDVariable w1 = graph.var("w1", weights(HIDDEN, CLASSES, 2));
        SDVariable b1 = graph.var("b1", Nd4j.zeros(DataType.FLOAT, CLASSES));
        graph.var("unused", Nd4j.ones(DataType.FLOAT, 2));
        SDVariable hidden = graph.nn.tanh(input.mmul(w0).add(b0));
        SDVariable logits = hidden.mmul(w1).add("logits", b1);
        graph.loss.softmaxCrossEntropy("loss", labels, logits, null);
        graph.setLossVariables("loss");
        graph.setTrainingConfig(training.dataSetFeatureMapping("input")
                .dataSetLabelMapping("labels")
                .build());
        return graph;
    }

    private static INDArray weights(int rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 3;
        }
        return Nd4j.createFromArray(values).reshape(rows, columns);
    }

    static List<DataSet> batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int batch = 0; batch < count; batch++) {
            float[][] inputs = new float[size][INPUTS];
            float[][] labels = new float[size][CLASSES];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < INPUTS; j++) {
                    inputs[i][j] = (float) random.nextGaussian();
                }
                labels[i][inputs[i][0] + inputs[i][1] > 0.5f ? 2 : inputs[i][2] > 0 ? 1 : 0] = 1;
            }
            batches.add(new DataSet(Nd4j.createFromArray(inputs), Nd4j.createFromArray(labels)));
        }
        return batches;
    }

    static float[] parameters(SameDiff graph) {
        float[] all = new float[INPUTS * HIDDEN + HIDDEN + HIDDEN * CLASSES + CLASSES];
        int next = 0;
        for (String name : List.of("b0", "b1", "w0", "w1")) {
            for (float value : graph.getArrForVarName(name).dup('c').data().asFloat()) {
                all[next++] = value;
            }
        }
        return all;
    }
}
