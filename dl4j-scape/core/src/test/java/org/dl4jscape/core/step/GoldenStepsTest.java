package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.golden.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole training steps against numbers of an independent double-precision program. */
class GoldenStepsTest {
    static List<Arguments> scapeCases() {
        List<Arguments> all = new ArrayList<>();
        for (GoldenCase golden : GoldenCase.all(GoldenFiles.SCAPE)) {
            for (ShardingMode sharding : ShardingMode.values()) {
                for (String kernels : List.of("reference", "vector")) {
                    all.add(Arguments.of(golden, sharding, kernels));
                }
            }
        }
        return all;
    }

    static List<Arguments> adamsCases() {
        List<Arguments> all = new ArrayList<>();
        for (GoldenCase golden : GoldenCase.all(GoldenFiles.ADAMS)) {
            for (ShardingMode sharding : ShardingMode.values()) {
                for (String kernels : List.of("reference", "vector")) {
                    all.add(Arguments.of(golden, sharding, kernels));
                }
            }
        }
        return all;
    }

    @Test
    void shouldFindEveryGoldenFile() {
        assertEquals(6, GoldenCase.all(GoldenFiles.ADAMS).size());
        assertEquals(43, GoldenCase.all(GoldenFiles.SCAPE).size());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("scapeCases")
    void shouldGiveTheExpectedNumbersOfEveryStep(GoldenCase golden, ShardingMode sharding, String kernels) {
        Replicas replicas = new Replicas(
                golden.config(sharding),
                golden.layout(),
                golden.worldSize(),
                GoldenFiles.floats(golden.json().get("initialParameters")),
                () -> KernelsSelection.byName(kernels));
        int number = 0;
        for (JsonNode step : golden.json().get("steps")) {
            number++;
            String where = golden + " step " + number + " ";
            JsonNode expected = step.get("expected");
            assertArrayEquals(GoldenFiles.ints(expected.get("mask")), replicas.nextMask(), where + "mask");
            replicas.step(gradients(step), weights(step, golden.worldSize()), golden.rates(step));
            for (int rank = 0; rank < golden.worldSize(); rank++) {
                assertClose(golden, expected.get("parameters"), replicas.parametersOf(rank), where + "parameters");
                assertClose(
                        golden,
                        expected.get("residuals").get(rank),
                        replicas.states.get(rank).residual,
                        where + "residual of rank " + rank);
                assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(rank), where + "replicas");
            }
            assertClose(golden, expected.get("firstMoment"), replicas.moments(), where + "first moment");
            assertArrayEquals(GoldenFiles.ints(expected.get("stepsSinceSent")), replicas.ages(), where + "ages");
        }
        assertArrayEquals(GoldenFiles.ints(golden.json().get("nextMask")), replicas.nextMask(), "next mask");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("adamsCases")
    void shouldEqualDenseAdamS(GoldenCase golden, ShardingMode sharding, String kernels) {
        Replicas replicas = new Replicas(
                golden.config(sharding),
                golden.layout(),
                1,
                GoldenFiles.floats(golden.json().get("initialParameters")),
                () -> KernelsSelection.byName(kernels));
        for (JsonNode step : golden.json().get("steps")) {
            float[][] gradient = {GoldenFiles.floats(step.get("gradient"))};
            replicas.step(gradient, golden.rates(step));
            assertClose(golden, step.get("expected").get("parameters"), replicas.parametersOf(0), "parameters");
            assertClose(golden, step.get("expected").get("firstMoment"), replicas.moments(), "first moment");
        }
    }

    private static float[][] gradients(JsonNode step) {
        JsonNode rows = step.get("gradients");
        float[][] all = new float[rows.size()][];
        for (int rank = 0; rank < all.length; rank++) {
            all[rank] = GoldenFiles.floats(rows.get(rank));
        }
        return all;
    }

    private static double[] weights(JsonNode step, int worldSize) {
        double[] weights = new double[worldSize];
        Arrays.fill(weights, 1);
        JsonNode counts = step.path("exampleCounts");
        for (int rank = 0; counts.isArray() && rank < worldSize; rank++) {
            weights[rank] = counts.get(rank).asDouble();
        }
        return weights;
    }

    private static void assertClose(GoldenCase golden, JsonNode expected, float[] actual, String what) {
        assertEquals(expected.size(), actual.length, what);
        for (int i = 0; i < actual.length; i++) {
            double wanted = expected.get(i).asDouble();
            double difference = Math.abs(actual[i] - wanted);
            String message = what + "[" + i + "]: expected " + wanted + ", was " + actual[i];
            assertTrue(difference <= golden.tolerance(wanted), message);
        }
    }
}
