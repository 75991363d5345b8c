package org.dl4jscape.examples.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jscape.examples.data.TokenWindows;
import org.dl4jscape.examples.data.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** The hand-written layers inside a real network. */
class DecoderTransformerTest {
    private static final DecoderShape TINY = DecoderShape.gpt(7, 6, 8, 2, 2);

    private static DataSet data(int windows) {
        Random random = new Random(5);
        int[] tokens = new int[200];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % 3 == 0 ? random.nextInt(7) : (tokens[i - 1] + 1) % 7;
        }
        return new TokenWindows(Tokens.of(tokens), 6).batch(3, 0, windows);
    }

    /** Spreads the weights, so that no gradient is near zero. */
    private static ComputationGraph spread() {
        ComputationGraph network = TINY.build(1, new Adam(1e-2));
        Random random = new Random(2);
        INDArray parameters = network.params();
        for (int i = 0; i < parameters.length(); i++) {
            parameters.putScalar(i, parameters.getDouble(i) + 0.3 * random.nextGaussian());
        }
        return network;
    }

    @Test
    void shouldHaveTheGradientOfItsLossInEveryTensor() {
        ComputationGraph network = spread();
        DataSet data = data(3);
        network.setInput(0, data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        Map<String, INDArray> gradients = network.gradient().gradientForVariable();
        Random random = new Random(4);
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, INDArray> entry : gradients.entrySet()) {
            INDArray gradient = entry.getValue().dup('c').divi(3);
            INDArray tensor = network.paramTable().get(entry.getKey());
            INDArray saved = tensor.dup('c');
            double[] direction = new double[(int) tensor.length()];
            double expected = 0;
            double norm = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextGaussian() + Math.signum(gradient.getDouble(i));
                expected += direction[i] * gradient.getDouble(i);
                norm += direction[i] * direction[i];
            }
            double step = 4e-3 / Math.sqrt(norm);
            double up = scoreAt(network, tensor, saved, direction, step, data);
            double down = scoreAt(network, tensor, saved, direction, -step, data);
            tensor.assign(saved);
            double measured = (up - down) / (2 * step);
            if (Math.abs(measured - expected) > 1e-3 + 2e-2 * Math.abs(expected)) {
                wrong.add(entry.getKey() + ": backward " + expected + ", difference " + measured);
            }
        }
        assertEquals(1 + 2 * 9 + 3, gradients.size());
        assertEquals(List.of(), wrong);
    }

    private static double scoreAt(
            ComputationGraph network, INDArray tensor, INDArray saved, double[] direction, double step, DataSet data) {
        INDArray moved = saved.dup('c');
        for (int i = 0; i < direction.length; i++) {
            moved.putScalar(i, saved.getDouble(i) + step * direction[i]);
        }
        tensor.assign(moved);
        return network.score(data);
    }

    @Test
    void shouldNotSeeTheFuture() {
        ComputationGraph network = spread();
        INDArray tokens = data(1).getFeatures();
        INDArray before = network.outputSingle(tokens).dup();
        INDArray changed = tokens.dup();
        changed.putScalar(0, 5, (tokens.getInt(0, 5) + 1) % 7);
        INDArray after = network.outputSingle(changed);
        for (int t = 0; t < 5; t++) {
            assertArrayEquals(before.getRow(t).toFloatVector(), after.getRow(t).toFloatVector(), 0f, "token " + t);
        }
        assertTrue(before.getRow(5).distance2(after.getRow(5)) > 1e-3);
    }

    @Test
    void shouldTellTheOrderOfThePast() {
        ComputationGraph network = spread();
        INDArray tokens = data(1).getFeatures();
        INDArray before = network.outputSingle(tokens).dup();
        INDArray swapped = tokens.dup();
        int first = 0;
        while (tokens.getInt(0, first) == tokens.getInt(0, first + 1)) {
            first++;
        }
        swapped.putScalar(0, first, tokens.getInt(0, first + 1));
        swapped.putScalar(0, first + 1, tokens.getInt(0, first));
        INDArray after = network.outputSingle(swapped);
        assertTrue(before.getRow(5).distance2(after.getRow(5)) > 1e-3);
    }

    @Test
    void shouldLearnWithPlainFit() {
        ComputationGraph network = TINY.build(1, new Adam(1e-2));
        DataSet data = data(16);
        double before = network.score(data);
        assertEquals(Math.log(7), before, 0.05);
        for (int i = 0; i < 100; i++) {
            network.fit(data);
        }
        assertTrue(network.score(data) < before - 0.5, before + " -> " + network.score(data));
    }

    @Test
    void shouldSurviveSaveAndLoad(@TempDir File folder) throws Exception {
        ComputationGraph network = spread();
        File file = new File(folder, "model.zip");
        ModelSerializer.writeModel(network, file, true);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file, true);
        assertEquals(network.score(data(2)), loaded.score(data(2)));
    }
}
