package org.dl4jscape.core.compute;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.compute.KernelInputs.Spread;
import org.dl4jscape.core.golden.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which coordinates a mask takes: golden cases, and sorting as the oracle of random ones. */
class SelectionTest {
    static List<Arguments> goldenCases() {
        List<Arguments> all = new ArrayList<>();
        for (JsonNode file : GoldenFiles.MASK_SELECTION.contents()) {
            for (JsonNode one : file.get("cases")) {
                for (String kernels : List.of("reference", "vector")) {
                    all.add(Arguments.of(one.get("name").asText(), kernels, one));
                }
            }
        }
        return all;
    }

    @Test
    void shouldHaveGoldenCasesForBothKernels() {
        assertEquals(100, goldenCases().size());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldenCases")
    void shouldSelectTheGoldenIndices(String name, String kernels, JsonNode golden) {
        float[] values = GoldenFiles.floats(golden.get("values"));
        int k = golden.get("k").asInt();
        int[] selected = new int[k];
        KernelsSelection.byName(kernels).selectLargest(values, values.length, k, selected, 0);
        assertArrayEquals(GoldenFiles.ints(golden.get("expected")), selected, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "vector"})
    void shouldSelectAsSortingDoes(String name) {
        Kernels kernels = KernelsSelection.byName(name);
        qt().forAll(
                        longs().all(),
                        integers().between(1, 1500),
                        integers().between(0, 1000),
                        integers().between(0, Spread.values().length - 1))
                .check((seed, length, share, spread) -> {
                    float[] values = Spread.values()[spread].array(seed, length);
                    int k = (int) ((long) share * length / 1000);
                    int[] selected = new int[k];
                    kernels.selectLargest(values, length, k, selected, 0);
                    return Arrays.equals(sorted(values, k), selected);
                });
    }

    /** Magnitudes descending, indices ascending among equals; a NaN is above infinity. */
    private static int[] sorted(float[] values, int k) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> {
            int byMagnitude = Float.compare(Math.abs(values[b]), Math.abs(values[a]));
            return byMagnitude != 0 ? byMagnitude : Integer.compare(a, b);
        });
        return Arrays.stream(order)
                .limit(k)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    @Test
    void shouldTakeTheSameMaskWhenValuesAreNegated() {
        Random random = new Random(9);
        float[] values = Spread.TIES.array(9, 2000);
        float[] negated = values.clone();
        for (int i = 0; i < negated.length; i++) {
            negated[i] = random.nextBoolean() ? -values[i] : values[i];
        }
        Kernels kernels = new VectorKernels();
        int[] first = new int[150];
        int[] second = new int[150];
        kernels.selectLargest(values, 2000, 150, first, 0);
        kernels.selectLargest(negated, 2000, 150, second, 0);
        assertArrayEquals(first, second);
    }
}
