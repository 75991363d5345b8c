package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointReader;
import org.dl4jscape.core.checkpoint.CheckpointWriter;
import org.dl4jscape.core.checkpoint.Resharding;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that is stopped, written to files, read and resumed is the training that was never stopped. */
class ResumeTest {
    private static final ParameterLayout LAYOUT = Layouts.ofAllRoles(20, 8, 70, 1, 89);
    private static final int LENGTH = 160;
    private static final LearningRates RATES = LearningRates.constant(0.01);

    @TempDir
    private Path folder;

    private static Replicas replicas(ScapeConfig config, int worldSize) {
        float[] initial = new float[LENGTH];
        Random random = new Random(3);
        for (int i = 0; i < LENGTH; i++) {
            initial[i] = (float) random.nextGaussian();
        }
        return new Replicas(config, LAYOUT, worldSize, initial, VectorKernels::new);
    }

    private static ScapeConfig.Builder base() {
        return ScapeConfig.builder().density(0.08).warmupSteps(4);
    }

    static List<Arguments> cases() {
        DensitySchedule stages = DensitySchedule.constant(0.5, 4).then(6, 0.1).then(24, 0.05);
        List<Arguments> all = new ArrayList<>();
        for (int worldSize : new int[] {1, 2, 4}) {
            all.add(Arguments.of("closed form", base(), worldSize));
            all.add(Arguments.of("capped", base().catchUp(CatchUp.capped(8)), worldSize));
            all.add(Arguments.of("refresh 5", base().catchUp(CatchUp.none()).maskRefreshInterval(5), worldSize));
            all.add(Arguments.of("replicated", base().sharding(ShardingMode.REPLICATED), worldSize));
            all.add(Arguments.of("look-ahead", base().lookAhead(true), worldSize));
            all.add(Arguments.of("clipped", base().globalClipNorm(1), worldSize));
            all.add(Arguments.of("stages", base().densitySchedule(stages), worldSize));
            all.add(Arguments.of(
                    "rounded",
                    base().gradientPrecision(WirePrecision.BF16)
                            .parameterPrecision(WirePrecision.BF16)
                            .noisePrecision(WirePrecision.BF16),
                    worldSize));
            all.add(Arguments.of(
                    "skipping", base().nonFinite(NonFinitePolicy.SKIP_STEP).lookAhead(true), worldSize));
        }
        return all;
    }

    /** Invariant 5: stopped in the warm-up, at its end, with a first mask under way, later, and after a skipped step. */
    @ParameterizedTest(name = "{0}, {2} ranks")
    @MethodSource("cases")
    void shouldGoOnBitForBit(String name, ScapeConfig.Builder builder, int worldSize) throws Exception {
        ScapeConfig config = builder.build();
        boolean skipping = config.nonFinite() == NonFinitePolicy.SKIP_STEP;
        Replicas straight = replicas(config, worldSize);
        Replicas stopped = replicas(config, worldSize);
        for (int call = 1; call <= 32; call++) {
            float[][] gradients = Gradients.noisy(call, worldSize, LENGTH);
            double[] weights = UnevenWeights.of(call, worldSize);
            if (skipping && call % 6 == 5) {
                int rank = call % worldSize;
                weights[rank] = 1;
                gradients[rank][3] = Float.NaN;
            }
            LearningRates rates = LearningRates.constant(0.01 + 0.001 * call);
            StepOutcome outcome = straight.step(gradients, weights, rates);
            assertEquals(outcome, stopped.step(gradients, weights, rates));
            assertEquals(skipping && call % 6 == 5 ? StepOutcome.SKIPPED : StepOutcome.APPLIED, outcome);
            straight.assertSameBits(stopped, name + ", call " + call);
            if (call == 2 || call == 4 || call == 5 || call == 23) {
                stopped = resumed(stopped, config, save(stopped, config), rates);
                straight.assertSameBits(stopped, name + ", resumed after call " + call);
            }
        }
    }

    private List<Path> save(Replicas replicas, ScapeConfig config) throws Exception {
        List<Path> files = new ArrayList<>();
        replicas.nextMask();
        for (int rank = 0; rank < replicas.worldSize; rank++) {
            float[] exact = new float[LENGTH];
            replicas.steps.get(rank).readExact(replicas.parameters.get(rank), exact);
            Path file = folder.resolve("rank-" + rank + ".scape");
            CheckpointWriter.write(
                    file,
                    new Checkpoint(
                            replicas.shards.parameters().fingerprint(),
                            config.digest(),
                            replicas.states.get(rank).snapshot(rank),
                            exact,
                            Map.of("batch", "17", "seed", "3")));
            files.add(file);
        }
        return files;
    }

    private static Replicas resumed(Replicas from, ScapeConfig config, List<Path> files, LearningRates rates)
            throws Exception {
        Replicas fresh = replicas(config, from.worldSize);
        System.arraycopy(from.clipScales, 0, fresh.clipScales, 0, from.worldSize);
        for (int rank = 0; rank < fresh.worldSize; rank++) {
            Checkpoint checkpoint = CheckpointReader.read(files.get(rank));
            checkpoint.requireMatch(fresh.shards.parameters().fingerprint(), config.digest());
            assertEquals(Map.of("batch", "17", "seed", "3"), checkpoint.attributes());
            fresh.states.get(rank).restore(checkpoint.snapshot());
            fresh.parameters.get(rank).put(0, checkpoint.parameters());
            fresh.steps.get(rank).resume(fresh.parameters.get(rank), rates);
        }
        return fresh;
    }

    @Test
    void shouldRefuseASnapshotOfAnotherWorldOrConfiguration() {
        ScapeConfig config = base().build();
        RankSnapshot snapshot = replicas(config, 2).states.get(0).snapshot(0);
        RankState other = replicas(config, 3).states.get(0);
        var world = assertThrows(IllegalArgumentException.class, () -> other.restore(snapshot));
        assertEquals(
                "first moment of the snapshot has 81 values (expected: 55); resume with the same network, configuration"
                        + " and number of ranks",
                world.getMessage());
        RankState capped =
                replicas(base().catchUp(CatchUp.capped(8)).build(), 2).states.get(0);
        var rule = assertThrows(IllegalArgumentException.class, () -> capped.restore(snapshot));
        assertEquals(
                "noise of the snapshot has 81 values (expected: 0); resume with the same network, configuration"
                        + " and number of ranks",
                rule.getMessage());
    }

    static List<Arguments> changes() {
        List<Arguments> all = new ArrayList<>();
        for (int[] change : new int[][] {{2, 4}, {4, 2}, {3, 1}, {1, 3}, {4, 8}, {3, 3}}) {
            for (ShardingMode sharding : ShardingMode.values()) {
                all.add(Arguments.of(change[0], change[1], "closed form " + sharding, base().sharding(sharding)));
            }
            all.add(Arguments.of(change[0], change[1], "capped", base().catchUp(CatchUp.capped(8))));
            all.add(Arguments.of(change[0], change[1], "look-ahead", base().lookAhead(true)));
            all.add(Arguments.of(change[0], change[1], "rounded", base().parameterPrecision(WirePrecision.BF16)));
        }
        return all;
    }

    /** Invariant 6: what was given before and after the change is what was sent before and after, and what is pending. */
    @ParameterizedTest(name = "{0} to {1} ranks, {2}")
    @MethodSource("changes")
    void shouldLoseNothingWhenTheNumberOfRanksChanges(int before, int after, String name, ScapeConfig.Builder builder) {
        ScapeConfig config = builder.build();
        Replicas old = replicas(config, before);
        double[] given = new double[LENGTH];
        double[] sent = new double[LENGTH];
        for (int step = 1; step <= 15; step++) {
            train(old, step, given, sent);
        }
        int[] mask = old.nextMask();
        Replicas fresh = changed(old, config, after);
        assertArrayEquals(mask, fresh.nextMask());
        assertArrayEquals(old.moments(), fresh.moments());
        assertArrayEquals(old.ages(), fresh.ages());
        for (int step = 16; step <= 24; step++) {
            train(fresh, step, given, sent);
            for (int rank = 1; rank < after; rank++) {
                fresh.steps.get(rank).settle(fresh.parameters.get(rank));
                fresh.steps.get(0).settle(fresh.parameters.get(0));
                assertArrayEquals(fresh.parametersOf(0), fresh.parametersOf(rank));
            }
        }
        assertEquals(24, fresh.states.get(0).step());
        for (int i = 0; i < LENGTH; i++) {
            assertEquals(given[i], sent[i] + fresh.pending(i), 2e-5, "coordinate " + i);
        }
    }

    private static Replicas changed(Replicas old, ScapeConfig config, int after) {
        List<RankSnapshot> snapshots = new ArrayList<>();
        for (int rank = 0; rank < old.worldSize; rank++) {
            snapshots.add(old.states.get(rank).snapshot(rank));
        }
        Replicas fresh = replicas(config, after);
        List<RankSnapshot> changed = new Resharding(config, snapshots, old.shards, fresh.shards).run();
        for (int rank = 0; rank < after; rank++) {
            fresh.states.get(rank).restore(changed.get(rank));
            float[] exact = new float[LENGTH];
            old.steps.get(0).readExact(old.parameters.get(0), exact);
            fresh.parameters.get(rank).put(0, exact);
            fresh.steps.get(rank).resume(fresh.parameters.get(rank), RATES);
        }
        return fresh;
    }

    private static void train(Replicas replicas, int step, double[] given, double[] sent) {
        float[][] gradients = Gradients.noisy(step, replicas.worldSize, LENGTH);
        for (float[] row : gradients) {
            for (int i = 0; i < LENGTH; i++) {
                double unit =
                        switch (i / 20 % 4) {
                            case 2 -> 1;
                            case 3 -> 0;
                            default -> 0.1;
                        };
                given[i] += unit * row[i] / replicas.worldSize;
            }
        }
        replicas.nextMask();
        int[] offsets = replicas.states.get(0).mask().offsets().clone();
        int[] indices = java.util.Arrays.copyOf(replicas.states.get(0).mask().indices(), offsets[replicas.worldSize]);
        replicas.step(gradients, RATES);
        replicas.addSent(offsets, indices, sent);
    }

    @Test
    void shouldRefuseToReshardWhatDoesNotBelongTogether() {
        ScapeConfig config = base().build();
        Replicas old = replicas(config, 2);
        RankSnapshot first = old.states.get(0).snapshot(0);
        var one = assertThrows(
                IllegalArgumentException.class, () -> new Resharding(config, List.of(first), old.shards, old.shards));
        assertEquals("1 snapshots (expected: 2, one a rank)", one.getMessage());
        old.step(Gradients.noisy(1, 2, LENGTH), RATES);
        RankSnapshot later = old.states.get(1).snapshot(1);
        var other = assertThrows(
                IllegalArgumentException.class,
                () -> new Resharding(config, List.of(first, later), old.shards, old.shards));
        assertEquals("rank 1 is at step 1 (expected: 0, as rank 0); take checkpoints of one step", other.getMessage());
    }
}
