package org.dl4jscape.core.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.dl4jscape.core.compute.KernelInputs.Spread;
import org.dl4jscape.core.config.AdamSConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference kernels against the formulas, written once more, in double precision and in the papers' symbols. */
class FormulasTest {
    private static final int LENGTH = 300;
    private static final double RATE = 3e-3;
    private static final double CLIP = 0.625;
    private static final double CORRECTION = 0.75;

    private final ReferenceKernels kernels = new ReferenceKernels();

    @Test
    void shouldAddTheScaledGradient() {
        float[] residual = Spread.NORMAL.array(1, LENGTH);
        float[] before = residual.clone();
        float[] gradient = Spread.NORMAL.array(2, LENGTH);
        assertEquals(0, kernels.accumulate(residual, FloatBuffer.wrap(gradient), 10, 200, 0.1f));
        for (int i = 0; i < LENGTH; i++) {
            double added = i >= 10 && i < 200 ? 0.1 * gradient[i] : 0;
            assertEquals(before[i] + added, residual[i], 1e-6, "coordinate " + i);
        }
    }

    @Test
    void shouldTrackAnExponentialMeanOfSquares() {
        float[] noise = new float[LENGTH];
        double[] expected = new double[LENGTH];
        for (int step = 0; step < 50; step++) {
            float[] gradient = Spread.NORMAL.array(step, LENGTH + 5);
            kernels.trackNoise(noise, 5, FloatBuffer.wrap(gradient), 5, 5 + LENGTH, 0.99f);
            for (int i = 0; i < LENGTH; i++) {
                double g = gradient[i + 5];
                expected[i] = 0.99 * expected[i] + 0.01 * g * g;
            }
        }
        for (int i = 0; i < LENGTH; i++) {
            assertEquals(expected[i], noise[i], 2e-6 * expected[i] + 1e-7);
        }
    }

    @Test
    void shouldWeighTheStatisticByTheRootOfTheAgePlusOne() {
        StatisticCall call = new StatisticCall();
        call.residual = Spread.NORMAL.array(1, LENGTH);
        call.moment = Spread.NORMAL.array(2, LENGTH - 100);
        call.lastSent = new int[LENGTH - 100];
        for (int i = 0; i < LENGTH - 100; i++) {
            call.lastSent[i] = 50 - i % 50;
        }
        call.step = 50;
        call.shift = 100;
        call.from = 100;
        call.to = LENGTH;
        float[] statistic = new float[LENGTH];
        kernels.statistic(call, statistic, 3);
        for (int i = 100; i < LENGTH; i++) {
            double sum = (double) call.moment[i - 100] + call.residual[i];
            double tau = (i - 100) % 50;
            assertEquals(sum * Math.sqrt(tau + 1), statistic[3 + i - 100], 1e-5, "coordinate " + i);
        }
    }

    @Test
    void shouldSelectWhatSortingSelects() {
        float[] values = Spread.TIES.array(5, LENGTH);
        Integer[] order = new Integer[LENGTH];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (a, b) -> Math.abs(values[a]) == Math.abs(values[b])
                        ? Integer.compare(a, b)
                        : Float.compare(Math.abs(values[b]), Math.abs(values[a])));
        for (int k = 0; k <= LENGTH; k += 13) {
            int[] expected = new int[k];
            for (int j = 0; j < k; j++) {
                expected[j] = order[j];
            }
            Arrays.sort(expected);
            int[] actual = new int[k];
            kernels.selectLargest(values, LENGTH, k, actual, 0);
            assertArrayEquals(expected, actual, "k=" + k);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.9, 0.95, 1e-8, 0.1", "0.8, 0.99, 1e-3, 0", "0, 0.5, 1e-8, 0.01", "0.99, 0, 1e-6, 0.1"})
    void shouldBeAdamSAtAgeOneUnderEveryRule(double b1, double b2, double eps, double wd) {
        for (UpdateRule rule : new UpdateRule[] {UpdateRule.NONE, UpdateRule.CAPPED, UpdateRule.CLOSED_FORM}) {
            UpdateCall call = call(rule, b1, b2, eps, wd, 1);
            UpdateCall before = call(rule, b1, b2, eps, wd, 1);
            kernels.update(call);
            for (int i = 0; i < LENGTH; i++) {
                double m = before.moment[i];
                double g = before.packed[i] * CLIP / (1 - b1);
                double v = b2 * m / CORRECTION * m / CORRECTION + (1 - b2) * g * g;
                double next = b1 * m + (1 - b1) * g;
                double theta = (1 - RATE * wd) * before.parameters[i] - RATE * next / CORRECTION / (Math.sqrt(v) + eps);
                assertEquals(theta, call.parameters[i], 1e-6 * (1 + Math.abs(theta)), rule + " theta " + i);
                assertEquals(next, call.moment[i], 1e-6 * (1 + Math.abs(next)), rule + " m " + i);
                assertEquals(call.step, call.lastSent[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 17, 1500})
    void shouldScaleOneUpdateByTheCappedAge(int tau) {
        double b1 = 0.9;
        double b2 = 0.95;
        double eps = 1e-8;
        UpdateCall call = call(UpdateRule.CAPPED, b1, b2, eps, 0.1, tau);
        UpdateCall before = call(UpdateRule.CAPPED, b1, b2, eps, 0.1, tau);
        kernels.update(call);
        for (int i = 0; i < LENGTH; i++) {
            double m = before.moment[i];
            double a = Math.pow(b1, tau);
            double next = a * m + (1 - a) * (before.packed[i] * CLIP / (1 - b1)) / tau;
            double g = (next - b1 * m) / (1 - b1);
            double v = b2 * m / CORRECTION * m / CORRECTION + (1 - b2) * g * g;
            double w = Math.min(tau, call.cap);
            double step = RATE * w * next / CORRECTION / (Math.sqrt(v) + eps);
            double theta = (1 - RATE * 0.1) * before.parameters[i] - step;
            assertEquals(theta, call.parameters[i], 1e-5, "theta " + i);
            assertEquals(next, call.moment[i], 1e-6, "m " + i);
        }
    }

    @Test
    void shouldTakeThePlainLineWhateverTheAgeWithoutCatchUp() {
        UpdateCall old = call(UpdateRule.NONE, 0.9, 0.95, 1e-8, 0.1, 40);
        UpdateCall fresh = call(UpdateRule.NONE, 0.9, 0.95, 1e-8, 0.1, 1);
        kernels.update(old);
        kernels.update(fresh);
        assertArrayEquals(fresh.parameters, old.parameters);
        assertArrayEquals(fresh.moment, old.moment);
    }

    @Test
    void shouldOnlySubtractTheMeanOfStatistics() {
        UpdateCall call = call(UpdateRule.SUBTRACT, 0.9, 0.95, 1e-8, 0.1, 7);
        UpdateCall before = call(UpdateRule.SUBTRACT, 0.9, 0.95, 1e-8, 0.1, 7);
        assertEquals(0, kernels.squaredNorm(call));
        kernels.update(call);
        for (int i = 0; i < LENGTH; i++) {
            assertEquals((double) before.parameters[i] - before.packed[i], call.parameters[i], 1e-6);
            assertEquals(before.moment[i], call.moment[i]);
            assertEquals(before.lastSent[i], call.lastSent[i]);
        }
    }

    /**
     * CLOSED_FORM is an explicit loop of tau steps of AdamS's first moment under the mean gradient. With beta2 = 0 and
     * epsilon = 1 the denominator is 1 and the change of theta is the sum M itself.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9, 0.99})
    void shouldSumTheMomentsOfTheMissedStepsInClosedForm(double b1) {
        for (int tau : new int[] {2, 3, 4, 7, 31, 100, 1023, 1024, 2000}) {
            UpdateCall call = call(UpdateRule.CLOSED_FORM, b1, 0, 1, 0, tau);
            UpdateCall before = call(UpdateRule.CLOSED_FORM, b1, 0, 1, 0, tau);
            Arrays.fill(call.noise, 0);
            Arrays.fill(call.parameters, 0);
            call.learningRate = 1;
            kernels.update(call);
            for (int i = 0; i < LENGTH; i++) {
                double mean = before.packed[i] * CLIP / (1 - b1) / tau;
                double m = before.moment[i];
                double sum = 0;
                for (int missed = 0; missed < tau; missed++) {
                    m = b1 * m + (1 - b1) * mean;
                    sum += m;
                }
                double scale = Math.abs(tau * mean) + Math.abs(before.moment[i]) / (1 - b1);
                assertEquals(sum, -call.parameters[i], 4e-6 * scale, "b1 " + b1 + ", tau " + tau + ", M of " + i);
                double size = Math.abs(before.moment[i]) + Math.abs(mean);
                assertEquals(m, call.moment[i], 1e-6 * size, "b1 " + b1 + ", tau " + tau + ", m of " + i);
            }
        }
    }

    @Test
    void shouldDivideTheSumByTheNoiseOfOneStep() {
        double b1 = 0.9;
        double b2 = 0.95;
        double eps = 1e-8;
        int tau = 12;
        UpdateCall call = call(UpdateRule.CLOSED_FORM, b1, b2, eps, 0.1, tau);
        UpdateCall before = call(UpdateRule.CLOSED_FORM, b1, b2, eps, 0.1, tau);
        kernels.update(call);
        double kappa = (1 - b2) + b2 * (1 - b1) / (1 + b1);
        assertEquals(0.1, kappa, 1e-15, "at the defaults");
        for (int i = 0; i < LENGTH; i++) {
            double m = before.moment[i];
            double a = Math.pow(b1, tau);
            double mean = before.packed[i] * CLIP / ((1 - b1) * tau);
            double sum = tau * mean + b1 * (1 - a) / (1 - b1) * (m - mean);
            double v = b2 * (sum / tau) * (sum / tau) + kappa * before.noise[i] / 4;
            double theta = (1 - RATE * 0.1) * before.parameters[i] - RATE * sum / (Math.sqrt(v) + eps);
            assertEquals(theta, call.parameters[i], 2e-6 * tau, "theta " + i);
        }
    }

    @Test
    void shouldSumSquaresOfTheReconstructedGradient() {
        for (UpdateRule rule : new UpdateRule[] {UpdateRule.NONE, UpdateRule.CAPPED, UpdateRule.CLOSED_FORM}) {
            for (int tau : new int[] {1, 2, 9}) {
                UpdateCall call = call(rule, 0.9, 0.95, 1e-8, 0.1, tau);
                double sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    double g = call.packed[i] / (1 - 0.9) / (rule == UpdateRule.NONE ? 1 : tau);
                    sum += g * g;
                }
                assertEquals(sum, kernels.squaredNorm(call), 1e-6 * sum, rule + " at age " + tau);
            }
        }
    }

    @Test
    void shouldKnowEveryPowerOfBeta() {
        UpdateCall call = new UpdateCall();
        for (double beta : new double[] {0.9, 0.5, 0.999, 0}) {
            call.setBeta1(beta);
            assertEquals((float) beta, call.beta1);
            assertEquals((float) (1 - beta), call.oneMinusBeta1);
            Random random = new Random(3);
            for (int draw = 0; draw < 200; draw++) {
                int age = draw < 5 ? draw : random.nextInt(5000);
                assertEquals(Math.pow(beta, age), call.betaPower(age), 1e-7, beta + "^" + age);
            }
        }
    }

    private static UpdateCall call(UpdateRule rule, double b1, double b2, double eps, double wd, int age) {
        UpdateCall operands = UpdateCalls.ofAge(rule, LENGTH, age);
        UpdateCall call = UpdateCalls.withOptimizer(rule, new AdamSConfig(b1, b2, eps, wd, true), operands.step);
        call.indices = operands.indices;
        call.lastSent = operands.lastSent;
        call.to = LENGTH;
        call.packed = operands.packed;
        call.parameters = operands.parameters;
        call.noise = operands.noise;
        call.moment = operands.moment;
        return call;
    }
}
