package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.pack.ValueCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for every training, whatever the numbers (site, The algorithm, Invariants). */
class InvariantsTest {
    private static final int LENGTH = 203;
    private static final int STEPS = 40;
    private static final double RATE = 0.01;
    private static final LearningRates RATES = LearningRates.constant(RATE);
    private static final List<CatchUp> RULES = List.of(CatchUp.none(), CatchUp.capped(4), CatchUp.closedForm());

    private static ScapeConfig.Builder config(double density, CatchUp catchUp) {
        return ScapeConfig.builder().density(density).warmupSteps(3).catchUp(catchUp);
    }

    private static Replicas replicas(ScapeConfig config, ParameterLayout layout, int worldSize, String kernels) {
        float[] initial = new float[layout.length()];
        Random random = new Random(3);
        for (int i = 0; i < initial.length; i++) {
            initial[i] = (float) random.nextGaussian();
        }
        return new Replicas(config, layout, worldSize, initial, () -> KernelsSelection.byName(kernels));
    }

    private static Replicas replicas(ScapeConfig config, int worldSize) {
        return replicas(config, ParameterLayout.uniform(LENGTH, config.optimizer()), worldSize, "vector");
    }

    static List<Arguments> rulesAndSizes() {
        List<Arguments> all = new ArrayList<>();
        for (CatchUp rule : RULES) {
            for (int worldSize : new int[] {1, 2, 3, 4, 8}) {
                all.add(Arguments.of(rule, worldSize));
            }
        }
        return all;
    }

    /** Invariant 1, against AdamS written out here, in fp32 and in the order of the reference kernels. */
    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldEqualDenseAdamSBitForBitAtDensityOne(CatchUp rule, int worldSize) {
        List<Replicas> all = new ArrayList<>();
        for (ShardingMode sharding : ShardingMode.values()) {
            for (String kernels : List.of("reference", "vector")) {
                ScapeConfig config = config(1, rule).sharding(sharding).build();
                ParameterLayout layout = ParameterLayout.uniform(LENGTH, config.optimizer());
                all.add(replicas(config, layout, worldSize, kernels));
            }
        }
        DenseAdamS dense = new DenseAdamS(all.get(0).parametersOf(0));
        for (int step = 1; step <= 10; step++) {
            float[][] gradients = Gradients.noisy(step, worldSize, LENGTH);
            dense.step(gradients);
            for (Replicas replicas : all) {
                replicas.step(gradients, RATES);
                for (int rank = 0; rank < worldSize; rank++) {
                    assertArrayEquals(dense.theta, replicas.parametersOf(rank), "step " + step);
                }
                assertArrayEquals(dense.m, replicas.moments(), "step " + step);
            }
        }
    }

    /** The optimizer of arXiv 2505.16363 on the mean gradient, in fp32. */
    private static final class DenseAdamS {
        private static final AdamSConfig O = AdamSConfig.defaults();
        final float[] theta;
        final float[] m;
        private int t;

        DenseAdamS(float[] initial) {
            theta = initial.clone();
            m = new float[initial.length];
        }

        void step(float[][] gradients) {
            t++;
            float b1 = (float) O.beta1();
            float rest1 = (float) (1 - O.beta1());
            float b2 = (float) O.beta2();
            float rest2 = (float) (1 - O.beta2());
            float c = (float) (1 - Math.pow(O.beta1(), t));
            float keep = (float) (1 - RATE * O.weightDecay());
            for (int i = 0; i < theta.length; i++) {
                float s = 0;
                for (int rank = 0; rank < gradients.length; rank++) {
                    float scaled = rest1 * gradients[rank][i];
                    s = rank == 0 ? scaled : s + scaled;
                }
                s /= gradients.length;
                float g = s / rest1;
                float old = m[i] / c;
                float v = b2 * (old * old) + rest2 * (g * g);
                m[i] = b1 * m[i] + s;
                theta[i] = keep * theta[i] - (float) RATE * (m[i] / c) / ((float) Math.sqrt(v) + (float) O.epsilon());
            }
        }
    }

    static List<Arguments> lossless() {
        List<Arguments> all = new ArrayList<>();
        for (WirePrecision precision : WirePrecision.values()) {
            for (ShardingMode sharding : ShardingMode.values()) {
                all.add(Arguments.of(
                        config(0.05, CatchUp.closedForm())
                                .gradientPrecision(precision)
                                .sharding(sharding),
                        false));
                all.add(Arguments.of(
                        config(0.05, CatchUp.capped(4))
                                .gradientPrecision(precision)
                                .maskRefreshInterval(3)
                                .sharding(sharding),
                        true));
            }
        }
        all.add(Arguments.of(config(0.05, CatchUp.closedForm()).lookAhead(true), true));
        all.add(Arguments.of(config(0.05, CatchUp.closedForm()).nonFinite(NonFinitePolicy.SKIP_STEP), true));
        return all;
    }

    /** Invariant 2, with uneven data and ranks without any, skipped steps, and every wire format. */
    @ParameterizedTest
    @MethodSource("lossless")
    void shouldLoseNothing(ScapeConfig.Builder builder, boolean uneven) {
        int worldSize = 3;
        ScapeConfig config = builder.build();
        Replicas replicas = replicas(config, worldSize);
        double[] given = new double[LENGTH];
        double[] sent = new double[LENGTH];
        int skipped = 0;
        for (int step = 1; step <= STEPS; step++) {
            float[][] gradients = Gradients.noisy(step, worldSize, LENGTH);
            double[] weights = uneven ? UnevenWeights.of(step, worldSize) : new double[] {1, 1, 1};
            boolean spoiled = config.nonFinite() == NonFinitePolicy.SKIP_STEP && step % 7 == 0;
            if (spoiled) {
                int rank = step % worldSize;
                gradients[rank][step] = Float.POSITIVE_INFINITY;
            }
            replicas.nextMask();
            int[] offsets = replicas.states.get(0).mask().offsets().clone();
            int[] indices = Arrays.copyOf(replicas.states.get(0).mask().indices(), offsets[worldSize]);
            StepOutcome outcome = replicas.step(gradients, weights, RATES);
            if (spoiled) {
                assertEquals(StepOutcome.SKIPPED, outcome);
                skipped++;
                continue;
            }
            double sum = Arrays.stream(weights).sum();
            for (int rank = 0; rank < worldSize; rank++) {
                for (int i = 0; i < LENGTH; i++) {
                    given[i] += 0.1 * weights[rank] / sum * gradients[rank][i];
                }
            }
            replicas.addSent(offsets, indices, sent);
        }
        assertEquals(skipped, replicas.states.get(1).skippedSteps());
        for (int i = 0; i < LENGTH; i++) {
            double tolerance = 4e-6 * (1 + Math.abs(given[i]));
            assertEquals(given[i], sent[i] + replicas.pending(i), 5 * tolerance, "coordinate " + i);
        }
    }

    /** Invariant 2 where a value does not fit the wire: its largest value goes, the rest waits. */
    @Test
    void shouldKeepWhatIsTooLargeForTheWire() {
        WirePrecision wire = WirePrecision.FP16;
        ScapeConfig config = config(1, CatchUp.none()).gradientPrecision(wire).build();
        Replicas replicas = replicas(config, 1);
        float[][] gradients = Gradients.noisy(1, 1, LENGTH);
        gradients[0][5] = 1e7f;
        gradients[0][6] = -1e7f;
        replicas.step(gradients, RATES);
        float unit = (float) (1 - AdamSConfig.defaults().beta1());
        assertEquals(65504, replicas.steps.get(0).lastMeans()[5]);
        assertEquals(-65504, replicas.steps.get(0).lastMeans()[6]);
        assertEquals(unit * 1e7f - 65504, replicas.states.get(0).residual[5]);
        assertTrue(Float.isFinite(replicas.parametersOf(0)[5]));
    }

    private static float rounded(float value, WirePrecision precision) {
        float[] one = {value};
        ValueCodec.of(precision).round(one, 0, 1);
        return one[0];
    }

    /** Invariant 3. */
    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldChangeMaskedCoordinatesOnlyAndKeepReplicasEqual(CatchUp rule, int worldSize) {
        Replicas replicas = replicas(config(0.1, rule).build(), worldSize);
        for (int step = 1; step <= STEPS; step++) {
            int[] mask = replicas.nextMask();
            float[] before = replicas.parametersOf(0).clone();
            float[] moments = replicas.moments();
            replicas.step(Gradients.noisy(step, worldSize, LENGTH), RATES);
            float[] after = replicas.parametersOf(0);
            float[] momentsAfter = replicas.moments();
            int changed = 0;
            for (int i = 0; i < LENGTH; i++) {
                if (Arrays.binarySearch(mask, i) < 0) {
                    assertEquals(before[i], after[i], "coordinate " + i + " is not masked");
                    assertEquals(moments[i], momentsAfter[i], "moment " + i + " is not masked");
                } else {
                    changed += before[i] == after[i] ? 0 : 1;
                }
            }
            assertTrue(changed > 0.9 * mask.length, "step " + step + " changed " + changed + " of " + mask.length);
            for (int rank = 1; rank < worldSize; rank++) {
                assertArrayEquals(after, replicas.parametersOf(rank));
            }
        }
        int expected = 0;
        for (int rank = 0; rank < worldSize; rank++) {
            expected += DensitySchedule.count(0.1, replicas.shards.shardLength(rank));
        }
        assertEquals(expected, replicas.nextMask().length);
    }

    static List<Arguments> layoutsAndOptions() {
        List<Arguments> all = new ArrayList<>();
        for (int worldSize : new int[] {1, 2, 3, 4, 8}) {
            for (CatchUp rule : RULES) {
                all.add(Arguments.of("clipped " + rule, config(0.1, rule).globalClipNorm(2), worldSize));
            }
            all.add(Arguments.of("refresh 4", config(0.1, CatchUp.capped(8)).maskRefreshInterval(4), worldSize));
            all.add(Arguments.of(
                    "bf16", config(0.1, CatchUp.closedForm()).gradientPrecision(WirePrecision.BF16), worldSize));
            all.add(Arguments.of("fp16", config(0.1, CatchUp.none()).gradientPrecision(WirePrecision.FP16), worldSize));
            all.add(Arguments.of(
                    "bf16 noise", config(0.1, CatchUp.closedForm()).noisePrecision(WirePrecision.BF16), worldSize));
            all.add(Arguments.of("look-ahead", config(0.1, CatchUp.closedForm()).lookAhead(true), worldSize));
            all.add(Arguments.of(
                    "skipping", config(0.1, CatchUp.closedForm()).nonFinite(NonFinitePolicy.SKIP_STEP), worldSize));
            DensitySchedule stages =
                    DensitySchedule.constant(0.5, 3).then(10, 0.1).then(20, 1).then(25, 0.05);
            all.add(Arguments.of("stages", config(1, CatchUp.closedForm()).densitySchedule(stages), worldSize));
        }
        return all;
    }

    /** Invariant 4, with blocks of every role, buckets cut elsewhere, uneven data, and every option. */
    @ParameterizedTest(name = "{0}, {2} ranks")
    @MethodSource("layoutsAndOptions")
    void shouldGiveTheSameBitsShardedAndReplicated(String name, ScapeConfig.Builder builder, int worldSize) {
        ParameterLayout layout = Layouts.ofAllRoles(25, 8, 90, 1, 109);
        Replicas sharded = replicas(builder.sharding(ShardingMode.SHARDED).build(), layout, worldSize, "vector");
        Replicas replicated =
                replicas(builder.sharding(ShardingMode.REPLICATED).build(), layout, worldSize, "reference");
        for (int step = 1; step <= STEPS; step++) {
            float[][] gradients = Gradients.noisy(step, worldSize, layout.length());
            double[] weights = UnevenWeights.of(step, worldSize);
            if (name.equals("skipping") && step % 9 == 0) {
                gradients[step % worldSize][1] = Float.NaN;
            }
            assertEquals(sharded.step(gradients, weights, RATES), replicated.step(gradients, weights, RATES));
            sharded.assertSameBits(replicated, name + ", step " + step);
        }
    }

    /**
     * Invariant 7. AdamS bounds |mn/c| / sqrt(v) by sqrt(b1^2/b2 + (1-b1)^2/((1-b2)*c^2)), which is 1.026 at the defaults
     * once c is 1; the closed form by tau/sqrt(b2), 1.026*tau as well.
     */
    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldBoundEveryUpdate(CatchUp rule, int worldSize) {
        ScapeConfig config = config(0.1, rule)
                .optimizer(AdamSConfig.defaults().withWeightDecay(0))
                .build();
        Replicas replicas = replicas(config, worldSize);
        double largest = 0;
        for (int step = 1; step <= STEPS + 15; step++) {
            float[] before = replicas.parametersOf(0).clone();
            int[] ages = replicas.ages();
            replicas.step(Gradients.spiky(step, worldSize, LENGTH), RATES);
            double c = 1 - Math.pow(0.9, step);
            double plain = Math.sqrt(0.81 / 0.95 + 0.01 / (0.05 * c * c));
            for (int i = 0; i < LENGTH; i++) {
                int age = ages[i] + 1;
                double weight =
                        switch (rule.kind()) {
                            case NONE -> 1;
                            case CAPPED -> Math.min(age, rule.cap());
                            case CLOSED_FORM -> age;
                        };
                double change = Math.abs((double) replicas.parametersOf(0)[i] - before[i]);
                double bound =
                        (rule.kind() == CatchUp.Kind.CLOSED_FORM && age > 1 ? 1 / Math.sqrt(0.95) : plain) * RATE;
                largest = Math.max(largest, change / (bound * weight));
                assertTrue(change <= 1.0001 * bound * weight + 1e-6, "step " + step + ": " + change + ", age " + age);
            }
        }
        assertTrue(largest > 0.8, "the bound is near: the largest update is " + largest + " of it");
        assertEquals(1.026, Math.sqrt(0.81 / 0.95 + 0.01 / 0.05), 1e-3);
        assertEquals(1.026, 1 / Math.sqrt(0.95), 1e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "FP16"})
    void shouldKeepReplicasEqualWhenParametersTravelRounded(String precision) {
        ScapeConfig config = config(0.1, CatchUp.closedForm())
                .parameterPrecision(WirePrecision.valueOf(precision))
                .build();
        Replicas replicas = replicas(config, 3);
        for (int step = 1; step <= STEPS; step++) {
            replicas.step(Gradients.noisy(step, 3, LENGTH), RATES);
            assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(1));
            assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(2));
        }
        float[] shown = replicas.parametersOf(0).clone();
        for (float value : shown) {
            assertEquals(value, rounded(value, WirePrecision.valueOf(precision)), "the view holds rounded values");
        }
        assertTrue(replicas.states.get(0).master.length > 0);
    }
}
