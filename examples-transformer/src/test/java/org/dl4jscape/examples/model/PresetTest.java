package org.dl4jscape.examples.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** The models by name, and their parameters by formula. */
class PresetTest {
    @ParameterizedTest
    @EnumSource(names = {"SMALL", "GPT_NANO", "GPT_MICRO", "LLAMA_NANO"})
    void shouldCountWhatTheBuiltModelHas(Preset preset) {
        DecoderShape shape = preset.shape(83);
        ComputationGraph network = shape.build(1, new Adam(1e-3));
        assertEquals(network.params().length(), shape.parameters());
        List<String> lengths = new ArrayList<>();
        network.paramTable().forEach((name, tensor) -> lengths.add(name + "=" + tensor.length()));
        List<String> expected = new ArrayList<>();
        shape.tensors().forEach((name, length) -> expected.add(name + "=" + length));
        assertEquals(expected, lengths, "names, lengths and order in the flat vector");
    }

    @ParameterizedTest
    @CsvSource({"gpt-124m, 124e6", "gpt-345m, 345e6", "llama-500m, 500e6", "llama-1.8b, 1.8e9"})
    void shouldBeAsLargeAsItsNameSays(String label, double named) {
        DecoderShape shape = Preset.of(label).shape();
        assertEquals(named, (double) shape.parameters(), 0.06 * named);
        long tensors =
                shape.tensors().values().stream().mapToLong(Integer::longValue).sum();
        assertEquals(shape.parameters(), tensors);
    }

    @Test
    void shouldSeeThePastOnlyInEveryFamily() {
        for (Preset preset : List.of(Preset.GPT_NANO, Preset.LLAMA_NANO)) {
            ComputationGraph network = preset.shape(9).build(3, new Adam(1e-3));
            INDArray tokens = org.nd4j.linalg.factory.Nd4j.createFromArray(new float[][] {{1, 2, 3, 4, 5, 6}});
            INDArray before = network.outputSingle(tokens).dup();
            INDArray after =
                    network.outputSingle(tokens.dup().putScalar(0, 5, 8)).dup();
            assertEquals(before.getRow(4), after.getRow(4), preset.label());
            assertTrue(before.getRow(5).distance2(after.getRow(5)) > 1e-7, preset.label());
        }
    }

    @Test
    void shouldRefuseShapesWhoseHeadsDoNotFit() {
        String heads = assertThrows(IllegalArgumentException.class, () -> DecoderShape.gpt(9, 8, 10, 3, 1))
                .getMessage();
        assertEquals("heads=3 does not divide width=10", heads);
        String groups = assertThrows(
                        IllegalArgumentException.class,
                        () -> new DecoderShape(DecoderShape.Family.LLAMA, 9, 8, 12, 3, 2, 8, 1, false))
                .getMessage();
        assertEquals("groups=2 does not divide heads=3", groups);
        String odd = assertThrows(IllegalArgumentException.class, () -> new DecoderShape(
                                DecoderShape.Family.LLAMA, 9, 8, 9, 3, 3, 8, 1, false)
                        .build(1, new Adam(1e-3)))
                .getMessage();
        assertEquals("heads of width 3 (expected: even), since rotary positions turn pairs of values", odd);
    }
}
