package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.RankAbortedException;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step does besides arithmetic: roles of blocks, stages of density, missing data, bad gradients. */
class ScapeStepTest {
    private static final int LENGTH = 160;
    private static final ParameterLayout ROLES = Layouts.ofAllRoles(20, 8);
    private static final LearningRates RATES = LearningRates.constant(0.01);

    private static Replicas replicas(ScapeConfig config, int worldSize) {
        return new Replicas(config, ROLES, worldSize, new float[LENGTH], VectorKernels::new);
    }

    private static ScapeConfig.Builder base() {
        return ScapeConfig.builder().density(0.1).warmupSteps(2);
    }

    private static List<Integer> coordinatesOf(BlockRole role) {
        List<Integer> all = new ArrayList<>();
        for (ParameterBlock block : ROLES.blocks()) {
            for (int i = block.range().start();
                    block.role() == role && i < block.range().end();
                    i++) {
                all.add(i);
            }
        }
        return all;
    }

    private static boolean contains(int[] mask, int index) {
        return Arrays.binarySearch(mask, index) >= 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldSendDenseAndStatisticBlocksInEveryStepAndFrozenOnesNever(int worldSize) {
        Replicas replicas = replicas(base().build(), worldSize);
        for (int step = 1; step <= 20; step++) {
            int[] mask = replicas.nextMask();
            int sparse = 0;
            for (int i : coordinatesOf(BlockRole.SPARSE)) {
                sparse += contains(mask, i) ? 1 : 0;
            }
            assertTrue(step <= 2 ? sparse == 40 : sparse < 10, "step " + step + " sends " + sparse + " sparse ones");
            for (int i : coordinatesOf(BlockRole.DENSE)) {
                assertTrue(contains(mask, i), "dense coordinate " + i + " in step " + step);
            }
            for (int i : coordinatesOf(BlockRole.STATISTIC)) {
                assertTrue(contains(mask, i), "statistic " + i + " in step " + step);
            }
            replicas.step(Gradients.noisy(step, worldSize, LENGTH), RATES);
            for (int i : coordinatesOf(BlockRole.FROZEN)) {
                assertFalse(contains(mask, i), "frozen coordinate " + i);
                assertEquals(0, replicas.parametersOf(0)[i]);
                assertEquals(0, replicas.states.get(0).residual[i]);
            }
        }
    }

    @Test
    void shouldTrainDenseBlocksByPlainAdamSAmongSparseOnes() {
        Replicas sparse = replicas(base().build(), 2);
        Replicas dense = replicas(base().density(1).build(), 2);
        for (int step = 1; step <= 20; step++) {
            float[][] gradients = Gradients.noisy(step, 2, LENGTH);
            sparse.step(gradients, RATES);
            dense.step(gradients, RATES);
            for (int i : coordinatesOf(BlockRole.DENSE)) {
                assertEquals(dense.parametersOf(0)[i], sparse.parametersOf(0)[i], "coordinate " + i);
            }
        }
        assertFalse(Arrays.equals(dense.parametersOf(0), sparse.parametersOf(0)), "the sparse ones must differ");
    }

    @Test
    void shouldSubtractTheWeightedMeanOfStatistics() {
        Replicas replicas = replicas(base().build(), 3);
        double[] expected = new double[LENGTH];
        for (int step = 1; step <= 12; step++) {
            float[][] gradients = Gradients.noisy(step, 3, LENGTH);
            double[] weights = UnevenWeights.of(step, 3);
            replicas.step(gradients, weights, RATES);
            for (int i : coordinatesOf(BlockRole.STATISTIC)) {
                for (int rank = 0; rank < 3; rank++) {
                    expected[i] -= weights[rank] / Arrays.stream(weights).sum() * gradients[rank][i];
                }
                assertEquals(expected[i], replicas.parametersOf(0)[i], 1e-4, "step " + step + ", statistic " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldFollowStagesOfDensityDownAndUp(int worldSize) {
        DensitySchedule stages =
                DensitySchedule.constant(0.5, 3).then(8, 0.1).then(12, 1).then(15, 0.05);
        ScapeConfig config = base().densitySchedule(stages).build();
        ParameterLayout layout = ParameterLayout.uniform(LENGTH, AdamSConfig.defaults());
        Replicas replicas = new Replicas(config, layout, worldSize, new float[LENGTH], VectorKernels::new);
        for (int step = 1; step <= 20; step++) {
            int expected = 0;
            for (int rank = 0; rank < worldSize; rank++) {
                expected += DensitySchedule.count(stages.densityAt(step), replicas.shards.shardLength(rank));
            }
            assertEquals(expected, replicas.nextMask().length, "step " + step);
            replicas.step(Gradients.noisy(step, worldSize, LENGTH), RATES);
        }
    }

    @Test
    void shouldSendEverythingThatWaitedWhenTheDensityRisesToOne() {
        DensitySchedule stages = DensitySchedule.constant(0.05, 2).then(10, 1);
        Replicas replicas = replicas(base().densitySchedule(stages).build(), 2);
        for (int step = 1; step <= 9; step++) {
            replicas.step(Gradients.noisy(step, 2, LENGTH), RATES);
        }
        assertTrue(Arrays.stream(replicas.ages()).max().getAsInt() >= 7);
        replicas.step(Gradients.noisy(10, 2, LENGTH), RATES);
        for (RankState state : replicas.states) {
            for (float waiting : state.residual) {
                assertEquals(0, waiting);
            }
        }
    }

    @Test
    void shouldRefreshTheMaskByTheIntervalOnly() {
        ScapeConfig config =
                base().catchUp(CatchUp.none()).maskRefreshInterval(4).build();
        Replicas replicas = replicas(config, 2);
        int[] previous = new int[0];
        for (int step = 1; step <= 20; step++) {
            int[] mask = replicas.nextMask();
            boolean fresh = step == 1 || step >= 3 && (step - 3) % 4 == 0;
            assertEquals(!fresh, Arrays.equals(previous, mask), "step " + step);
            previous = mask;
            replicas.step(Gradients.noisy(step, 2, LENGTH), RATES);
        }
    }

    @Test
    void shouldFinishOnAllRanksWhenNoneHasDataAndChangeNothing() {
        Replicas replicas = replicas(base().build(), 3);
        replicas.step(Gradients.noisy(1, 3, LENGTH), RATES);
        float[] before = replicas.parametersOf(0).clone();
        assertEquals(StepOutcome.FINISHED, replicas.step(new float[3][0], new double[3], RATES));
        assertArrayEquals(before, replicas.parametersOf(2));
        assertEquals(1, replicas.states.get(0).step());
        assertEquals(StepOutcome.APPLIED, replicas.step(Gradients.noisy(2, 3, LENGTH), RATES));
    }

    @Test
    void shouldFailOnAllRanksAndNameRankBlockAndStep() {
        Replicas replicas = replicas(base().build(), 3);
        replicas.step(Gradients.noisy(1, 3, LENGTH), RATES);
        float[][] gradients = Gradients.noisy(2, 3, LENGTH);
        gradients[1][25] = Float.NaN;
        gradients[1][26] = Float.POSITIVE_INFINITY;
        RankThreads.run(3, rank -> {
            RuntimeException failure = assertThrows(RuntimeException.class, () -> replicas.steps
                    .get(rank)
                    .run(replicas.parameters.get(rank), FloatBuffer.wrap(gradients[rank]), 1, 0, RATES));
            String sentence = String.valueOf(failure.getMessage());
            assertEquals(rank == 1 ? NonFiniteGradientException.class : RankAbortedException.class, failure.getClass());
            assertTrue(sentence.contains("rank 1: gradient of block1 has 2 values that are NaN or infinite in step 2"));
            assertTrue(sentence.contains("nonFinite(SKIP_STEP)"), sentence);
        });
    }

    @Test
    void shouldLeaveAStepOutOnAllRanksAndNotNoticeFrozenBlocks() {
        ScapeConfig config = base().nonFinite(NonFinitePolicy.SKIP_STEP).build();
        Replicas skipping = replicas(config, 2);
        Replicas without = replicas(config, 2);
        for (int step = 1; step <= 12; step++) {
            float[][] gradients = Gradients.noisy(step, 2, LENGTH);
            gradients[0][coordinatesOf(BlockRole.FROZEN).get(0)] = Float.NaN;
            if (step % 4 == 0) {
                gradients[1][7] = Float.NEGATIVE_INFINITY;
                assertEquals(StepOutcome.SKIPPED, skipping.step(gradients, RATES));
            } else {
                assertEquals(StepOutcome.APPLIED, skipping.step(gradients, RATES));
                without.step(gradients, RATES);
            }
        }
        assertEquals(3, skipping.states.get(0).skippedSteps());
        assertEquals(9, skipping.states.get(0).step());
        assertArrayEquals(without.parametersOf(0), skipping.parametersOf(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseAWeightThatIsNoNumberOfExamples(double weight) {
        ScapeStep step = replicas(base().build(), 1).steps.get(0);
        FloatBuffer buffer = FloatBuffer.allocate(LENGTH);
        var refused = assertThrows(IllegalArgumentException.class, () -> step.run(buffer, buffer, weight, 0, RATES));
        assertEquals(
                "weight=" + weight + " (expected: finite and >= 0, the number of this rank's examples)",
                refused.getMessage());
    }

    @Test
    void shouldRefuseAWeightWithoutAWholeGradient() {
        ScapeStep step = replicas(base().build(), 1).steps.get(0);
        FloatBuffer parameters = FloatBuffer.allocate(LENGTH);
        var absent = assertThrows(IllegalArgumentException.class, () -> step.run(parameters, null, 2, 0, RATES));
        assertEquals(
                "the gradient has 0 values (expected: 160, one a parameter); pass weight 0 where a rank has no data",
                absent.getMessage());
        FloatBuffer part = FloatBuffer.allocate(100);
        assertThrows(IllegalArgumentException.class, () -> step.run(parameters, part, 2, 0, RATES));
    }

    @Test
    void shouldReportRanksThatAreNotAtOneStep() {
        Replicas replicas = replicas(base().build(), 2);
        replicas.step(Gradients.noisy(1, 2, LENGTH), RATES);
        replicas.states.get(1).step = 7;
        float[][] gradients = Gradients.noisy(2, 2, LENGTH);
        var failure = assertThrows(CollectiveException.class, () -> replicas.step(gradients, RATES));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("all ranks must take the same steps"),
                failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldPutTheExactParametersBackAfterLookAhead(int worldSize) {
        Replicas ahead = replicas(base().lookAhead(true).build(), worldSize);
        Replicas plain = replicas(base().build(), worldSize);
        float[] exact = new float[LENGTH];
        boolean moved = false;
        for (int step = 1; step <= 25; step++) {
            float[][] gradients = Gradients.noisy(step, worldSize, LENGTH);
            ahead.step(gradients, RATES);
            plain.step(gradients, RATES);
            for (int rank = 0; rank < worldSize; rank++) {
                float[] shown = ahead.parametersOf(rank).clone();
                ahead.steps.get(rank).readExact(ahead.parameters.get(rank), exact);
                assertArrayEquals(plain.parametersOf(rank), exact, "given the same gradients, step " + step);
                moved |= !Arrays.equals(shown, exact);
                checkMoved(ahead.states.get(rank), worldSize, shown, exact);
            }
        }
        assertTrue(moved);
        ahead.steps.get(0).settle(ahead.parameters.get(0));
        assertArrayEquals(plain.parametersOf(0), ahead.parametersOf(0));
    }

    /** theta - lr*G / (sqrt(b2*(G/tau)^2 + kappa*rhat/N) + eps), G = e / ((1-b1)*N), in double precision. */
    private static void checkMoved(RankState state, int worldSize, float[] shown, float[] exact) {
        double kappa = 0.05 + 0.95 * 0.1 / 1.9;
        for (int i : coordinatesOf(BlockRole.SPARSE)) {
            double tau = state.step() - state.sentSteps[i];
            double pending = state.residual[i] / (0.1 * worldSize);
            double noise = state.noise[i] / (1 - Math.pow(0.99, state.noiseSteps));
            double q = tau == 0 ? 0 : pending / tau;
            double move = tau == 0 ? 0 : 0.01 * pending / (Math.sqrt(0.95 * q * q + kappa * noise / worldSize) + 1e-8);
            assertEquals(exact[i] - move, shown[i], 1e-5 * (1 + Math.abs(move)), "coordinate " + i);
        }
    }
}
