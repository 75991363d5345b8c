package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.compute.ReferenceKernels;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.ParameterLayout;
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

    private final Random random = new Random(17);

    private static ScapeConfig.Builder config(double density, CatchUp catchUp) {
        return ScapeConfig.builder().density(density).warmupSteps(3).catchUp(catchUp);
    }

    private static Replicas replicas(ScapeConfig config, int worldSize) {
        float[] initial = new float[LENGTH];
        Random random = new Random(3);
        for (int i = 0; i < LENGTH; i++) {
            initial[i] = (float) random.nextGaussian();
        }
        ParameterLayout layout = ParameterLayout.uniform(LENGTH, config.optimizer());
        return new Replicas(config, layout, worldSize, initial, VectorKernels::new);
    }

    private float[][] gradients(int worldSize) {
        float[][] rows = new float[worldSize][LENGTH];
        for (float[] row : rows) {
            for (int i = 0; i < LENGTH; i++) {
                row[i] = (float) (random.nextGaussian() * (1 + i % 7) + 0.3 * Math.sin(i));
            }
        }
        return rows;
    }

    static List<Arguments> rulesAndSizes() {
        List<Arguments> all = new ArrayList<>();
        for (CatchUp rule : List.of(CatchUp.none(), CatchUp.capped(32), CatchUp.closedForm())) {
            for (int worldSize : new int[] {1, 2, 3, 4, 8}) {
                all.add(Arguments.of(rule, worldSize));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldEqualDenseAdamSBitForBitAtDensityOne(CatchUp rule, int worldSize) {
        AdamSConfig optimizer = AdamSConfig.defaults();
        Replicas sharded = replicas(config(1, rule).build(), worldSize);
        Replicas replicated =
                replicas(config(1, rule).sharding(ShardingMode.REPLICATED).build(), worldSize);
        float[] dense = sharded.parametersOf(0).clone();
        float[] moment = new float[LENGTH];
        int[] lastSent = new int[LENGTH];
        for (int step = 1; step <= 10; step++) {
            float[][] gradients = gradients(worldSize);
            sharded.step(gradients, RATES);
            replicated.step(gradients, RATES);
            denseStep(optimizer, step, gradients, dense, moment, lastSent);
            for (int rank = 0; rank < worldSize; rank++) {
                assertArrayEquals(dense, sharded.parametersOf(rank));
                assertArrayEquals(dense, replicated.parametersOf(rank));
            }
        }
    }

    private static void denseStep(
            AdamSConfig optimizer, int step, float[][] gradients, float[] dense, float[] moment, int[] lastSent) {
        UpdateCall call = new UpdateCall();
        float unit = (float) (1 - optimizer.beta1());
        call.packed = new float[LENGTH];
        call.indices = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            call.indices[i] = i;
            float sum = unit * gradients[0][i];
            for (int rank = 1; rank < gradients.length; rank++) {
                sum += unit * gradients[rank][i];
            }
            call.packed[i] = sum / gradients.length;
        }
        call.to = LENGTH;
        call.parameters = dense;
        call.moment = moment;
        call.lastSent = lastSent;
        call.step = step;
        call.setBeta1(optimizer.beta1());
        call.beta2 = (float) optimizer.beta2();
        call.oneMinusBeta2 = (float) (1 - optimizer.beta2());
        call.epsilon = (float) optimizer.epsilon();
        call.correction = (float) (1 - StrictMath.pow(optimizer.beta1(), step));
        call.learningRate = (float) RATE;
        call.decay = (float) (1 - RATE * optimizer.weightDecay());
        new ReferenceKernels().update(call);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FP32", "BF16", "FP16"})
    void shouldLoseNothing(String precision) {
        int worldSize = 3;
        ScapeConfig config = config(0.05, CatchUp.closedForm())
                .gradientPrecision(WirePrecision.valueOf(precision))
                .build();
        Replicas replicas = replicas(config, worldSize);
        double[] given = new double[LENGTH];
        double[] sent = new double[LENGTH];
        for (int step = 0; step < STEPS; step++) {
            float[][] gradients = gradients(worldSize);
            for (float[] row : gradients) {
                for (int i = 0; i < LENGTH; i++) {
                    given[i] += 0.1 * row[i] / worldSize;
                }
            }
            int[] offsets = maskOffsets(replicas);
            int[] indices = Arrays.copyOf(replicas.states.get(0).mask().indices(), offsets[worldSize]);
            replicas.step(gradients, RATES);
            for (int rank = 0; rank < worldSize; rank++) {
                float[] means = replicas.steps.get(rank).lastMeans();
                for (int j = offsets[rank]; j < offsets[rank + 1]; j++) {
                    sent[indices[j]] += means[j];
                }
            }
        }
        for (int i = 0; i < LENGTH; i++) {
            double pending = 0;
            for (RankState state : replicas.states) {
                pending += state.residual[i] / worldSize;
            }
            assertEquals(given[i], sent[i] + pending, 2e-5, "coordinate " + i);
        }
    }

    private static int[] maskOffsets(Replicas replicas) {
        replicas.nextMask();
        return replicas.states.get(0).mask().offsets().clone();
    }

    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldChangeMaskedCoordinatesOnlyAndKeepReplicasEqual(CatchUp rule, int worldSize) {
        Replicas replicas = replicas(config(0.1, rule).build(), worldSize);
        for (int step = 1; step <= STEPS; step++) {
            int[] mask = replicas.nextMask();
            float[] before = replicas.parametersOf(0).clone();
            float[] moments = replicas.moments();
            replicas.step(gradients(worldSize), RATES);
            for (int i = 0; i < LENGTH; i++) {
                if (Arrays.binarySearch(mask, i) < 0) {
                    assertEquals(before[i], replicas.parametersOf(0)[i]);
                    assertEquals(moments[i], replicas.moments()[i]);
                }
            }
            for (int rank = 1; rank < worldSize; rank++) {
                assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(rank));
            }
        }
        assertTrue(replicas.nextMask().length < LENGTH / 5 + worldSize);
    }

    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldGiveTheSameBitsShardedAndReplicated(CatchUp rule, int worldSize) {
        ScapeConfig.Builder builder = config(0.1, rule).globalClipNorm(2);
        Replicas sharded = replicas(builder.build(), worldSize);
        Replicas replicated = replicas(builder.sharding(ShardingMode.REPLICATED).build(), worldSize);
        for (int step = 0; step < STEPS; step++) {
            float[][] gradients = gradients(worldSize);
            sharded.step(gradients, RATES);
            replicated.step(gradients, RATES);
            assertArrayEquals(sharded.parametersOf(0), replicated.parametersOf(0), "step " + step);
        }
        assertArrayEquals(sharded.moments(), replicated.moments());
    }

    @ParameterizedTest
    @MethodSource("rulesAndSizes")
    void shouldBoundEveryUpdate(CatchUp rule, int worldSize) {
        ScapeConfig config = config(0.1, rule)
                .optimizer(AdamSConfig.defaults().withWeightDecay(0))
                .build();
        Replicas replicas = replicas(config, worldSize);
        for (int step = 1; step <= STEPS; step++) {
            float[] before = replicas.parametersOf(0).clone();
            int[] ages = replicas.ages();
            replicas.step(gradients(worldSize), RATES);
            for (int i = 0; step > 20 && i < LENGTH; i++) {
                int age = ages[i] + 1;
                int weight = rule.kind() == CatchUp.Kind.NONE ? 1 : age;
                double change = Math.abs(replicas.parametersOf(0)[i] - before[i]);
                assertTrue(change <= 1.19 * weight * RATE + 1e-6, "step " + step + ": " + change + " at age " + age);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "FP16"})
    void shouldKeepReplicasEqualWhenParametersTravelRounded(String precision) {
        ScapeConfig config = config(0.1, CatchUp.closedForm())
                .parameterPrecision(WirePrecision.valueOf(precision))
                .build();
        Replicas replicas = replicas(config, 3);
        for (int step = 0; step < STEPS; step++) {
            replicas.step(gradients(3), RATES);
            assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(1));
            assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldPutTheExactParametersBackAfterLookAhead(int worldSize) {
        ScapeConfig config = config(0.1, CatchUp.closedForm()).lookAhead(true).build();
        Replicas replicas = replicas(config, worldSize);
        boolean moved = false;
        for (int step = 0; step < STEPS; step++) {
            replicas.step(gradients(worldSize), RATES);
            float[] shown = replicas.parametersOf(0).clone();
            for (int rank = 0; rank < worldSize; rank++) {
                replicas.steps.get(rank).settle(replicas.parameters.get(rank));
                assertArrayEquals(replicas.parametersOf(0), replicas.parametersOf(rank));
            }
            moved |= !Arrays.equals(shown, replicas.parametersOf(0));
        }
        assertTrue(moved);
    }
}
