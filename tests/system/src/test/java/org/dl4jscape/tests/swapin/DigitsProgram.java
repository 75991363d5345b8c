package org.dl4jscape.tests.swapin;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program as users of Deeplearning4j write them: digits of 14 x 14 pixels, a perceptron, Adam. */
final class DigitsProgram {
    private static final Logger LOG = LoggerFactory.getLogger(DigitsProgram.class);
    private static final int SIDE = 14;
    private static final int DIGITS = 10;
    private static final int BATCH = 32;

    private DigitsProgram() {}

    /** Ten drawings of random strokes, each example one of them shifted by a pixel or two, with noise. */
    static List<DataSet> digits(int examples, long seed) {
        boolean[][][] drawings = drawings();
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < examples; from += BATCH) {
            float[][] pixels = new float[BATCH][SIDE * SIDE];
            float[][] labels = new float[BATCH][DIGITS];
            for (int i = 0; i < BATCH; i++) {
                int digit = random.nextInt(DIGITS);
                labels[i][digit] = 1;
                int right = random.nextInt(3);
                int down = random.nextInt(3);
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        boolean ink = y >= down && x >= right && drawings[digit][y - down][x - right];
                        pixels[i][y * SIDE + x] = (float) ((ink ? 0.9 : 0.1) + 0.15 * random.nextGaussian());
                    }
                }
            }
            batches.add(new DataSet(Nd4j.create(pixels), Nd4j.create(labels)));
        }
        return batches;
    }

    private static boolean[][][] drawings() {
        Random random = new Random(2026);
        boolean[][][] drawings = new boolean[DIGITS][SIDE][SIDE];
        for (boolean[][] drawing : drawings) {
            int x = 3 + random.nextInt(6);
            int y = 3 + random.nextInt(6);
            for (int point = 0; point < 40; point++) {
                drawing[y][x] = true;
                x = Math.max(1, Math.min(11, x + random.nextInt(3) - 1));
                y = Math.max(1, Math.min(11, y + random.nextInt(3) - 1));
            }
        }
        return drawings;
    }

    static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(123)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(2e-3))
                .l2(1e-5)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(SIDE * SIDE)
                        .nOut(64)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                        .nIn(64)
                        .nOut(DIGITS)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** On one machine. */
    static void fit(MultiLayerNetwork network, List<DataSet> train, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            train.forEach(network::fit);
        }
    }

    // #region program
    /** Trains on Spark, whichever master it is given; returns the accuracy on digits that were not trained on. */
    static double run(JavaSparkContext context, TrainingMaster<?, ?> master, int epochs) {
        JavaRDD<DataSet> train = context.parallelize(digits(2560, 1), 8);
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(context, network(), master);
        for (int epoch = 0; epoch < epochs; epoch++) {
            network.fit(train);
            LOG.info("epoch {}: score {}", epoch, network.getScore());
        }
        return network.evaluate(context.parallelize(digits(640, 2), 2)).accuracy();
    }
    // #endregion program

    static double accuracy(MultiLayerNetwork network, List<DataSet> test) {
        Evaluation evaluation = new Evaluation(DIGITS);
        for (DataSet batch : test) {
            evaluation.eval(batch.getLabels(), network.output(batch.getFeatures()));
        }
        return evaluation.accuracy();
    }
}
