package org.dl4jscape.core.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The selection that never writes the statistic down, against the reference that writes it down and sorts. */
class StatisticSelectionTest {
    private static final long SEED = 20260701;
    private static final int SHIFT = 7;

    /** Values that break selections. */
    enum Shape {
        GAUSSIAN {
            @Override
            float draw(Random random, int i) {
                return (float) random.nextGaussian();
            }
        },
        ALL_EQUAL {
            @Override
            float draw(Random random, int i) {
                return -0.75f;
            }
        },
        ZERO {
            @Override
            float draw(Random random, int i) {
                return i % 2 == 0 ? 0f : -0f;
            }
        },
        EQUAL_UPPER_22_BITS {
            @Override
            float draw(Random random, int i) {
                return Float.intBitsToFloat(0x3f800000 | random.nextInt(512));
            }
        },
        TWO_VALUES {
            @Override
            float draw(Random random, int i) {
                return random.nextInt(10) == 0 ? 2f : -1f;
            }
        },
        SUBNORMAL {
            @Override
            float draw(Random random, int i) {
                return Float.intBitsToFloat(random.nextInt(1 << 12));
            }
        },
        HUGE {
            @Override
            float draw(Random random, int i) {
                return Float.MAX_VALUE / 2 * (float) random.nextGaussian();
            }
        },
        WITH_NAN_AND_INFINITY {
            @Override
            float draw(Random random, int i) {
                return switch (random.nextInt(20)) {
                    case 0 -> Float.NaN;
                    case 1 -> Float.intBitsToFloat(0xffc00001);
                    case 2 -> Float.NEGATIVE_INFINITY;
                    case 3 -> Float.POSITIVE_INFINITY;
                    default -> (float) random.nextGaussian();
                };
            }
        },
        ASCENDING {
            @Override
            float draw(Random random, int i) {
                return i;
            }
        };

        abstract float draw(Random random, int i);
    }

    private final Kernels vector = new VectorKernels();
    private final Kernels reference = new ReferenceKernels();

    @ParameterizedTest
    @EnumSource
    void shouldSelectWhatTheReferenceSelects(Shape shape) {
        for (int n : new int[] {1, 32, 33, 4097}) {
            for (boolean weighted : new boolean[] {false, true}) {
                for (int k : new int[] {0, 1, n / 100, n / 2, n - 1, n}) {
                    check(shape, n, k, weighted);
                }
            }
        }
    }

    /** Twice with the same call, so that the second one uses what the first one learned. */
    private void check(Shape shape, int n, int k, boolean weighted) {
        Random random = new Random(SEED + n);
        SelectionCall fast = call(n, k);
        SelectionCall slow = call(n, k);
        fill(fast.statistic, slow.statistic, shape, n, weighted, random);
        for (int round = 0; round < 2; round++) {
            vector.select(fast);
            reference.select(slow);
            assertArrayEquals(
                    Arrays.copyOf(slow.selected(), k),
                    Arrays.copyOf(fast.selected(), k),
                    shape + " n=" + n + " k=" + k + " weighted=" + weighted + " round " + round + " seed " + SEED);
        }
    }

    /** Two ranges with a hole between them. */
    private static SelectionCall call(int n, int k) {
        int first = SHIFT + n / 3;
        SelectionCall call = new SelectionCall(SHIFT, first, first + 5, n + SHIFT + 5);
        call.k = k;
        assertEquals(n, call.length());
        return call;
    }

    private static void fill(StatisticCall a, StatisticCall b, Shape shape, int n, boolean weighted, Random random) {
        int globalLength = n + SHIFT + 5;
        float[] residual = new float[globalLength];
        float[] moment = new float[n + 5];
        int[] lastSent = new int[n + 5];
        int step = 3000;
        for (int i = 0; i < globalLength; i++) {
            residual[i] = shape.draw(random, i);
        }
        for (int i = 0; i < moment.length; i++) {
            moment[i] = shape == Shape.GAUSSIAN ? (float) random.nextGaussian() : 0f;
            lastSent[i] = step - random.nextInt(random.nextBoolean() ? 10 : step);
        }
        for (StatisticCall call : new StatisticCall[] {a, b}) {
            call.residual = residual;
            call.moment = moment;
            call.lastSent = weighted ? lastSent : null;
            call.step = step;
            call.shift = SHIFT;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.97, 1.03, 0.5, 2, 1e-6, 1e6})
    void shouldStayExactHoweverTheMagnitudesMoveFromCallToCall(double factor) {
        int n = 20_000;
        SelectionCall fast = call(n, n / 100);
        SelectionCall slow = call(n, n / 100);
        Random random = new Random(SEED);
        fill(fast.statistic, slow.statistic, Shape.GAUSSIAN, n, true, random);
        for (int step = 0; step < 12; step++) {
            float scale = (float) factor;
            for (int i = 0; i < fast.statistic.moment.length; i++) {
                fast.statistic.moment[i] *= scale;
                fast.statistic.residual[i + SHIFT] *= scale;
            }
            vector.select(fast);
            reference.select(slow);
            assertArrayEquals(
                    Arrays.copyOf(slow.selected(), slow.k),
                    Arrays.copyOf(fast.selected(), fast.k),
                    "factor " + factor + " step " + step + " seed " + SEED);
        }
    }

    @Test
    void shouldFollowADensityThatChanges() {
        int n = 20_000;
        SelectionCall fast = call(n, n);
        SelectionCall slow = call(n, n);
        fill(fast.statistic, slow.statistic, Shape.GAUSSIAN, n, false, new Random(SEED));
        for (int k : new int[] {n / 4, 1, n, n / 1000, n / 10}) {
            fast.k = k;
            slow.k = k;
            vector.select(fast);
            reference.select(slow);
            assertArrayEquals(
                    Arrays.copyOf(slow.selected(), k), Arrays.copyOf(fast.selected(), k), "k=" + k + " seed " + SEED);
        }
    }

    @Test
    void shouldRefuseRangesThatOverlap() {
        assertThrows(IllegalArgumentException.class, () -> new SelectionCall(0, 10, 9, 12));
        assertThrows(IllegalArgumentException.class, () -> new SelectionCall(5, 4));
    }
}
