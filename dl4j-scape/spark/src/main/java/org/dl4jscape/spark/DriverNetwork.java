package org.dl4jscape.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.dl4j.RankTrainer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One door to both kinds of networks on the driver: what a fit reads before it begins, and leaves behind. */
abstract class DriverNetwork {
    /** The door to a network of layers. */
    static DriverNetwork of(SparkDl4jMultiLayer network) {
        return new OfLayers(network);
    }

    /** The door to a graph. */
    static DriverNetwork of(SparkComputationGraph network) {
        return new OfGraph(network);
    }

    /**
     * The door to the network that was given.
     *
     * @throws IllegalArgumentException when there is none or more than one
     */
    static DriverNetwork only(@Nullable SparkDl4jMultiLayer layers, @Nullable SparkComputationGraph graph) {
        if (layers != null && graph == null) {
            return of(layers);
        }
        if (graph != null && layers == null) {
            return of(graph);
        }
        throw new IllegalArgumentException((layers == null ? "no network" : "two networks")
                + " (expected: one of SparkDl4jMultiLayer and SparkComputationGraph)");
    }

    /** The network itself. */
    abstract Model model();

    /** Where it is to be trained. */
    abstract JavaSparkContext context();

    abstract int iterationCount();

    abstract int epochCount();

    abstract void setIterationCount(int value);

    /** Configuration and parameters as they travel, both copies. */
    abstract NetBroadcastTuple tuple(INDArray parameters);

    abstract void setScore(double value);

    /** As it is now, as the ranks begin. */
    final NetBroadcastTuple tuple() {
        return tuple(model().params().unsafeDuplication());
    }

    /** Takes a rank's parameters, iteration count and loss over. */
    final void accept(ScapeTrainingResult result) {
        model().params().assign(row(result.parameters()));
        setIterationCount(result.iterationCount());
        setScore(result.score());
    }

    /** Takes a checkpoint's parameters, iteration count and loss over. */
    final void accept(Checkpoint checkpoint) {
        model().params().assign(row(checkpoint.parameters()));
        setIterationCount(RankTrainer.iterationCount(checkpoint));
        setScore(RankTrainer.lastLoss(checkpoint));
    }

    /** Flat parameters in the shape that networks have. */
    static INDArray row(float[] parameters) {
        return Nd4j.createFromArray(parameters).reshape(1, parameters.length);
    }

    private static final class OfLayers extends DriverNetwork {
        private final SparkDl4jMultiLayer spark;

        OfLayers(SparkDl4jMultiLayer spark) {
            this.spark = spark;
        }

        private MultiLayerNetwork network() {
            return spark.getNetwork();
        }

        @Override
        Model model() {
            return network();
        }

        @Override
        JavaSparkContext context() {
            return spark.getSparkContext();
        }

        @Override
        int iterationCount() {
            return network().getIterationCount();
        }

        @Override
        int epochCount() {
            return network().getEpochCount();
        }

        @Override
        void setIterationCount(int value) {
            network().setIterationCount(value);
        }

        @Override
        NetBroadcastTuple tuple(INDArray parameters) {
            return new NetBroadcastTuple(network().getLayerWiseConfigurations().clone(), parameters, null);
        }

        @Override
        void setScore(double value) {
            network().setScore(value);
            spark.setScore(value);
        }
    }

    private static final class OfGraph extends DriverNetwork {
        private final SparkComputationGraph spark;

        OfGraph(SparkComputationGraph spark) {
            this.spark = spark;
        }

        private ComputationGraph network() {
            return spark.getNetwork();
        }

        @Override
        Model model() {
            return network();
        }

        @Override
        JavaSparkContext context() {
            return spark.getSparkContext();
        }

        @Override
        int iterationCount() {
            return network().getIterationCount();
        }

        @Override
        int epochCount() {
            return network().getEpochCount();
        }

        @Override
        void setIterationCount(int value) {
            network().getConfiguration().setIterationCount(value);
        }

        @Override
        NetBroadcastTuple tuple(INDArray parameters) {
            return new NetBroadcastTuple(network().getConfiguration().clone(), parameters, null);
        }

        @Override
        void setScore(double value) {
            network().setScore(value);
            spark.setScore(value);
        }
    }
}
