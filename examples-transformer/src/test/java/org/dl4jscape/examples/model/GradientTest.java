package org.dl4jscape.examples.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.examples.model.DecoderShape.Family;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Loss and gradient of whole networks, and of each of their layers alone, against central differences of {@link ReferenceDecoder} in
 * double precision, in every single parameter.
 */
class GradientTest {
    private static final int WINDOWS = 3;
    private static final double STEP = 1e-5;

    static List<DecoderShape> shapes() {
        return List.of(
                DecoderShape.gpt(7, 6, 8, 2, 1),
                DecoderShape.gpt(7, 6, 12, 3, 2),
                new DecoderShape(Family.LLAMA, 7, 6, 8, 2, 2, 10, 1, false),
                new DecoderShape(Family.LLAMA, 7, 6, 16, 4, 2, 12, 2, false),
                new DecoderShape(Family.LLAMA, 7, 6, 16, 4, 1, 12, 1, false));
    }

    /** Spread, so that no gradient is near zero by accident. */
    private static ComputationGraph network(DecoderShape shape) {
        ComputationGraph network = shape.build(1, new Adam(1e-2));
        Random random = new Random(2);
        INDArray parameters = network.params();
        for (int i = 0; i < parameters.length(); i++) {
            parameters.putScalar(i, parameters.getDouble(i) + 0.3 * random.nextGaussian());
        }
        return network;
    }

    private static Map<String, double[]> tensors(Map<String, INDArray> table) {
        Map<String, double[]> all = new LinkedHashMap<>();
        table.forEach((name, tensor) -> all.put(name, tensor.dup('c').data().asDouble()));
        return all;
    }

    private static int[][] tokens(Random random, DecoderShape shape) {
        int[][] ids = new int[WINDOWS][shape.context()];
        for (int[] row : ids) {
            for (int t = 0; t < row.length; t++) {
                row[t] = random.nextInt(shape.vocabulary());
            }
        }
        return ids;
    }

    private static INDArray array(int[][] ids) {
        return Nd4j.createFromArray(ids).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHaveTheLossAndTheGradientOfTheFormulas(DecoderShape shape) {
        ComputationGraph network = network(shape);
        Random random = new Random(5);
        int[][] inputs = tokens(random, shape);
        int[][] targets = tokens(random, shape);
        DataSet data = new DataSet(array(inputs), array(targets));
        Map<String, double[]> parameters = tensors(network.paramTable());
        ReferenceDecoder reference = new ReferenceDecoder(shape, parameters);
        double loss = reference.loss(inputs, targets);
        assertEquals(loss, network.score(data), 1e-5 * loss);

        network.setInput(0, data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        Map<String, double[]> gradients = tensors(network.gradient().gradientForVariable());
        assertEquals(parameters.keySet(), gradients.keySet());
        List<String> wrong = new ArrayList<>();
        int nonZero = 0;
        for (Map.Entry<String, double[]> tensor : parameters.entrySet()) {
            double[] values = tensor.getValue();
            double largest = 0;
            double[] differences = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                double saved = values[i];
                values[i] = saved + STEP;
                double up = reference.loss(inputs, targets);
                values[i] = saved - STEP;
                differences[i] = (up - reference.loss(inputs, targets)) / (2 * STEP);
                values[i] = saved;
                largest = Math.max(largest, Math.abs(differences[i]));
            }
            nonZero += largest > 1e-4 ? 1 : 0;
            for (int i = 0; i < values.length; i++) {
                double found = gradients.get(tensor.getKey())[i] / WINDOWS;
                if (!(Math.abs(found - differences[i]) <= 2e-5 * largest + 1e-7)) {
                    wrong.add(tensor.getKey() + "[" + i + "]: " + found + ", by difference " + differences[i]);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(nonZero == parameters.size(), "every tensor takes part: " + nonZero + " of " + parameters.size());
    }
}
