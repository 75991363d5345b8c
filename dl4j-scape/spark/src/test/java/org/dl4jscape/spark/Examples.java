package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Data whose examples have a number, and a hook that notes which of them ranks of this JVM have trained on. */
final class Examples implements TrainingHook {
    private static final long serialVersionUID = 1L;

    /** Every rank has its copy of the hook, so what they see is told here. */
    private static final List<Integer> SEEN = Collections.synchronizedList(new ArrayList<>());

    private static final List<String> CALLS = Collections.synchronizedList(new ArrayList<>());

    /** What {@code LocalSpark.batches} makes, with the number of the example in the third feature. */
    static List<org.nd4j.linalg.dataset.DataSet> numbered(int batches, int size) {
        List<org.nd4j.linalg.dataset.DataSet> all = LocalSpark.batches(batches, size, 7);
        int number = 0;
        for (org.nd4j.linalg.dataset.DataSet batch : all) {
            for (int i = 0; i < batch.numExamples(); i++) {
                batch.getFeatures().putScalar(i, 2, number++ / 100.0);
            }
        }
        return all;
    }

    static void forget() {
        SEEN.clear();
        CALLS.clear();
    }

    /** Numbers of the examples, in ascending order. */
    static List<Integer> seen() {
        synchronized (SEEN) {
            return SEEN.stream().sorted().toList();
        }
    }

    /** The calls of all ranks, in the order of time. */
    static List<String> calls() {
        synchronized (CALLS) {
            return List.copyOf(CALLS);
        }
    }

    private static void note(INDArray features) {
        for (int i = 0; i < features.size(0); i++) {
            SEEN.add((int) Math.round(features.getDouble(i, 2) * 100));
        }
    }

    private void call(String name, Model network) {
        int iteration = network instanceof org.deeplearning4j.nn.multilayer.MultiLayerNetwork multiLayer
                ? multiLayer.getIterationCount()
                : ((org.deeplearning4j.nn.graph.ComputationGraph) network).getIterationCount();
        CALLS.add(name + " " + iteration + " " + System.identityHashCode(this));
    }

    @Override
    public void preUpdate(DataSet batch, Model network) {
        note(batch.getFeatures());
        call("pre", network);
    }

    @Override
    public void postUpdate(DataSet batch, Model network) {
        call("post", network);
    }

    @Override
    public void preUpdate(MultiDataSet batch, Model network) {
        note(batch.getFeatures(0));
        call("pre", network);
    }

    @Override
    public void postUpdate(MultiDataSet batch, Model network) {
        call("post", network);
    }
}
