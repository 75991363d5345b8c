package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.dl4j.AdamS;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The Spark context that all tests of this JVM share, and small networks and data for them. */
final class LocalSpark {
    private LocalSpark() {}

    /** {@code local[2]}; Spark itself stops it when the JVM ends. */
    static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate(new SparkConf()
                .setMaster("local[2]")
                .setAppName("scape-test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.barrier.sync.timeout", "30s")));
    }

    /** Two ranks in this JVM. */
    static ScapeTrainingMaster.Builder builder() {
        return new ScapeTrainingMaster.Builder(8)
                .ranks(2)
                .density(0.2)
                .warmupSteps(5)
                .transport("inprocess");
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(new AdamS(0.01))
                .activation(Activation.TANH);
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder().nIn(4).nOut(12).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(12)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static MultiLayerNetwork multiLayer() {
        MultiLayerNetwork net = new MultiLayerNetwork(
                base().list().layer(hidden()).layer(output()).build());
        net.init();
        return net;
    }

    static ComputationGraph graph() {
        ComputationGraph net = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("out", output(), "hidden")
                .setOutputs("out")
                .build());
        net.init();
        return net;
    }

    static List<DataSet> batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> all = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            float[][] inputs = new float[size][4];
            float[][] labels = new float[size][2];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < 4; j++) {
                    inputs[i][j] = (float) random.nextGaussian();
                }
                labels[i][inputs[i][0] + inputs[i][1] > 0 ? 1 : 0] = 1;
            }
            all.add(new DataSet(Nd4j.create(inputs), Nd4j.create(labels)));
        }
        return all;
    }
}
