package org.dl4jscape.core.compute;

import static org.dl4jscape.core.compute.KernelInputs.GUARD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.compute.KernelInputs.BufferKind;
import org.dl4jscape.core.compute.KernelInputs.Spread;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Kernels} must do: the bits of {@link ReferenceKernels}, and nothing outside the ranges they are given.
 * One line per implementation, in its {@link #create}.
 *
 * <p>Every operand has {@link KernelInputs#GUARD} values before and behind its range, and whole arrays are compared, so a
 * value that is written where none belongs is found. One instance does all calls of a test, so scratch memory and hints of
 * one call meet the next. NaN equals NaN, whatever its payload.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KernelsContract {
    private static final long SEED = 20_260_701;
    private static final int[] SHORT = {0, 1, 2, 31, 32, 33, 127, 4095, 4096, 4097, 8193};

    private final ReferenceKernels reference = new ReferenceKernels();

    /** New kernels, as a training thread gets them. */
    protected abstract Kernels create();

    /** Lengths of many tiles and around a power of two; each takes a good part of a second. */
    protected int[] longLengths() {
        int million = 1 << 20;
        return new int[] {million - 1, million, million + 1};
    }

    int[] lengths() {
        int[] all = Arrays.copyOf(SHORT, SHORT.length + longLengths().length);
        System.arraycopy(longLengths(), 0, all, SHORT.length, longLengths().length);
        return all;
    }

    List<Arguments> lengthsAndBuffers() {
        List<Arguments> all = new ArrayList<>();
        for (int length : SHORT) {
            for (BufferKind kind : BufferKind.values()) {
                all.add(Arguments.of(length, kind));
            }
        }
        for (int length : longLengths()) {
            all.add(Arguments.of(length, BufferKind.DIRECT_SLICE));
        }
        return all;
    }

    List<Arguments> lengthsAndSpreads() {
        List<Arguments> all = new ArrayList<>();
        for (int length : SHORT) {
            for (Spread spread : Spread.values()) {
                all.add(Arguments.of(length, spread));
            }
        }
        for (int length : longLengths()) {
            for (Spread spread : List.of(Spread.NORMAL, Spread.TIES, Spread.EQUAL_LEADING_BITS)) {
                all.add(Arguments.of(length, spread));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("lengthsAndBuffers")
    void shouldAccumulateAndCountWhatIsNotFinite(int length, BufferKind kind) {
        Kernels kernels = create();
        float[] gradient = Spread.SPECIAL_VALUES.array(SEED, length + 2 * GUARD);
        float[] start = Spread.NORMAL.array(SEED + 1, length + 2 * GUARD);
        float[] expected = start.clone();
        int count = reference.accumulate(expected, FloatBuffer.wrap(gradient), GUARD, GUARD + length, 0.1f);
        FloatBuffer view = kind.of(gradient);
        for (int run = 0; run < 2; run++) {
            float[] actual = start.clone();
            assertEquals(
                    count, kernels.accumulate(actual, view, GUARD, GUARD + length, 0.1f), "not finite, run " + run);
            assertSame(expected, actual, "residual, run " + run);
        }
        assertEquals(count, kernels.countNonFinite(view, GUARD, GUARD + length));
        assertSame(gradient, KernelInputs.contents(view, gradient.length), "the gradient is read only");
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountWhatIsNotFiniteInEverySpread(Spread spread) {
        Kernels kernels = create();
        for (int length : new int[] {0, 1, 3, 4, 5, 4095, 4096, 4097, 9000}) {
            float[] values = spread.array(SEED + length, length + 2);
            int expected = 0;
            for (int i = 1; i <= length; i++) {
                expected += Float.isNaN(values[i]) || Float.isInfinite(values[i]) ? 1 : 0;
            }
            assertEquals(
                    expected,
                    kernels.countNonFinite(BufferKind.DIRECT.of(values), 1, 1 + length),
                    spread + ", length " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("lengthsAndBuffers")
    void shouldTrackTheMeanSquare(int length, BufferKind kind) {
        Kernels kernels = create();
        float[] gradient = Spread.SPECIAL_VALUES.array(SEED, length + 2 * GUARD);
        float[] start = new float[length + 20];
        for (int i = 0; i < start.length; i++) {
            start[i] = i * 0x1p-7f;
        }
        float[] expected = start.clone();
        int shift = GUARD - 10;
        reference.trackNoise(expected, shift, FloatBuffer.wrap(gradient), GUARD, GUARD + length, 0.99f);
        for (int run = 0; run < 2; run++) {
            float[] actual = start.clone();
            kernels.trackNoise(actual, shift, kind.of(gradient), GUARD, GUARD + length, 0.99f);
            assertSame(expected, actual, "noise, run " + run);
        }
    }

    @ParameterizedTest
    @MethodSource("lengthsAndSpreads")
    void shouldWriteTheStatisticOfARange(int length, Spread spread) {
        Kernels kernels = create();
        StatisticCall call = new StatisticCall();
        call.residual = spread.array(SEED, length + 2 * GUARD);
        call.shift = 30;
        call.from = GUARD;
        call.to = GUARD + length;
        call.moment = spread.array(SEED + 1, length + GUARD);
        call.step = 1_000_000;
        int[] lastSent = new int[length + GUARD];
        for (int i = 0; i < lastSent.length; i++) {
            lastSent[i] = call.step - (i % 3 == 0 ? 0 : i * 7919 % call.step);
        }
        for (int @Nullable [] ages : new int[][] {null, lastSent}) {
            call.lastSent = ages;
            float[] expected = Spread.NORMAL.array(SEED + 2, length + 2 * GUARD);
            float[] actual = expected.clone();
            reference.statistic(call, expected, GUARD);
            kernels.statistic(call, actual, GUARD);
            assertSame(expected, actual, ages == null ? "statistic" : "age-weighted statistic");
        }
    }

    @ParameterizedTest
    @MethodSource("lengthsAndSpreads")
    void shouldSelectTheLargestMagnitudes(int length, Spread spread) {
        Kernels kernels = create();
        float[] values = spread.array(SEED + length, length + GUARD);
        int[] counts = length < 10_000
                ? new int[] {0, 1, length / 100, length / 10, length / 2, length - 1, length}
                : new int[] {length / 100};
        for (int k : counts) {
            if (k >= 0 && k <= length) {
                assertSelection(kernels, values, length, k);
            }
        }
    }

    @Test
    void shouldSelectFromManyWhateverTheCount() {
        Kernels kernels = create();
        int length = 200_000;
        float[] values = Spread.EQUAL_EXPONENT.array(SEED, length);
        for (int k : new int[] {1, length / 2, length - 1}) {
            assertSelection(kernels, values, length, k);
        }
    }

    @Test
    void shouldNotLetOneSelectionInfluenceTheNext() {
        Kernels kernels = create();
        for (int round = 0; round < 60; round++) {
            Spread spread = Spread.values()[round % Spread.values().length];
            int length = 1 + 911 * round % 5000;
            float[] values = spread.array(SEED + round, length);
            for (int i = 0; i < length; i++) {
                values[i] *= (float) Math.pow(10, round % 9 - 4);
            }
            assertSelection(kernels, values, length, 1 + round * 131 % length);
        }
    }

    private void assertSelection(Kernels kernels, float[] values, int length, int k) {
        float[] before = values.clone();
        int[] expected = new int[k + 2 * GUARD];
        Arrays.fill(expected, -7);
        int[] actual = expected.clone();
        reference.selectLargest(values, length, k, expected, GUARD);
        kernels.selectLargest(values, length, k, actual, GUARD);
        assertArrayEquals(expected, actual, () -> "seed " + SEED + ", " + k + " of " + length);
        assertSame(before, values, "the statistic is read only");
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldPackAndLeaveZeros(int length) {
        Kernels kernels = create();
        int[] indices = KernelInputs.mask(SEED, length, 3);
        float[] residual = Spread.SPECIAL_VALUES.array(SEED, length);
        float[] residualExpected = residual.clone();
        int from = indices.length / 5;
        int to = indices.length - indices.length / 7;
        float[] expected = Spread.NORMAL.array(SEED + 2, indices.length + GUARD);
        float[] actual = expected.clone();
        reference.pack(residualExpected, indices, from, to, expected, GUARD);
        kernels.pack(residual, indices, from, to, actual, GUARD);
        assertSame(expected, actual, "packed");
        assertSame(residualExpected, residual, "residual");
    }

    @ParameterizedTest
    @MethodSource("lengthsAndBuffers")
    void shouldGatherAndScatterMaskedValues(int length, BufferKind kind) {
        Kernels kernels = create();
        int[] indices = KernelInputs.mask(SEED, length, 3);
        int from = indices.length / 5;
        int to = indices.length - indices.length / 7;
        float[] parameters = Spread.SPECIAL_VALUES.array(SEED, length);
        float[] expected = Spread.NORMAL.array(SEED + 2, indices.length + GUARD);
        float[] actual = expected.clone();
        FloatBuffer view = kind.of(parameters);
        reference.gather(FloatBuffer.wrap(parameters), indices, from, to, expected, GUARD);
        kernels.gather(view, indices, from, to, actual, GUARD);
        assertSame(expected, actual, "gathered");
        assertSame(parameters, KernelInputs.contents(view, length), "gather only reads");

        float[] packed = Spread.WIDE.array(SEED + 3, indices.length + GUARD);
        FloatBuffer scattered = FloatBuffer.wrap(parameters.clone());
        reference.scatter(packed, GUARD, indices, from, to, scattered);
        kernels.scatter(packed, GUARD, indices, from, to, view);
        assertSame(scattered.array(), KernelInputs.contents(view, length), "scattered");
    }

    @ParameterizedTest
    @MethodSource("lengthsAndSpreads")
    void shouldScaleARange(int length, Spread spread) {
        float[] expected = spread.array(SEED, length + 2 * GUARD);
        float[] actual = expected.clone();
        reference.scale(expected, GUARD, GUARD + length, 1 / 3f);
        create().scale(actual, GUARD, GUARD + length, 1 / 3f);
        assertSame(expected, actual, "scaled");
    }

    List<Arguments> rulesAndLengths() {
        List<Arguments> all = new ArrayList<>();
        for (UpdateRule rule : UpdateRule.values()) {
            for (int length : SHORT) {
                all.add(Arguments.of(rule, length, Spread.NORMAL));
                all.add(Arguments.of(rule, length, Spread.SPECIAL_VALUES));
            }
            all.add(Arguments.of(rule, 100_003, Spread.NORMAL));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("rulesAndLengths")
    void shouldUpdateMaskedCoordinatesByEveryRule(UpdateRule rule, int length, Spread spread) {
        Kernels kernels = create();
        for (int run = 0; run < 2; run++) {
            UpdateCall expected = UpdateCalls.random(rule, length, spread, SEED);
            UpdateCall actual = UpdateCalls.random(rule, length, spread, SEED);
            double norm = reference.squaredNorm(expected);
            assertEquals(norm, kernels.squaredNorm(actual), rule + " squared norm of " + spread);
            reference.update(expected);
            kernels.update(actual);
            assertSame(expected.parameters, actual.parameters, rule + " parameters");
            assertSame(expected.moment, actual.moment, rule + " moment");
            assertSame(expected.packed, actual.packed, rule + " packed");
            assertSame(expected.noise, actual.noise, rule + " noise");
            assertArrayEquals(expected.lastSent, actual.lastSent, rule + " last sent");
        }
    }

    @Test
    void shouldUpdateAtTheCapAndBeyondTheTableOfPowers() {
        Kernels kernels = create();
        for (UpdateRule rule : UpdateRule.values()) {
            for (int age : new int[] {1, 2, 3, 4, 5, 1023, 1024, 1025, 100_000}) {
                UpdateCall expected = UpdateCalls.ofAge(rule, 50, age);
                UpdateCall actual = UpdateCalls.ofAge(rule, 50, age);
                reference.update(expected);
                kernels.update(actual);
                assertSame(expected.parameters, actual.parameters, rule + " at age " + age);
                assertSame(expected.moment, actual.moment, rule + " at age " + age);
            }
        }
    }

    /** Equal bits, but any NaN equals any NaN. */
    private static void assertSame(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                assertEquals(expected[i], actual[i], what + "[" + i + "], seed " + SEED);
            }
        }
    }
}
