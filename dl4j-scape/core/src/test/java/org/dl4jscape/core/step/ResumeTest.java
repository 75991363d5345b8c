package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointFormatException;
import org.dl4jscape.core.checkpoint.CheckpointReader;
import org.dl4jscape.core.checkpoint.CheckpointWriter;
import org.dl4jscape.core.checkpoint.Resharding;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that is stopped, written to files, read and resumed is the training that was never stopped. */
class ResumeTest {
    private static final int LENGTH = 157;
    private static final LearningRates RATES = LearningRates.constant(0.01);

    @TempDir
    private Path folder;

    private static Replicas replicas(ScapeConfig config, int worldSize) {
        float[] initial = new float[LENGTH];
        Random random = new Random(3);
        for (int i = 0; i < LENGTH; i++) {
            initial[i] = (float) random.nextGaussian();
        }
        ParameterLayout layout = ParameterLayout.uniform(LENGTH, config.optimizer());
        return new Replicas(config, layout, worldSize, initial, VectorKernels::new);
    }

    private static float[][] gradients(int step, int worldSize) {
        Random random = new Random(step);
        float[][] rows = new float[worldSize][LENGTH];
        for (float[] row : rows) {
            for (int i = 0; i < LENGTH; i++) {
                row[i] = (float) (random.nextGaussian() + 0.2 * Math.sin(i));
            }
        }
        return rows;
    }

    static List<Arguments> cases() {
        ScapeConfig.Builder base = ScapeConfig.builder().density(0.08).warmupSteps(4);
        List<Arguments> all = new ArrayList<>();
        for (int worldSize : new int[] {1, 2, 4}) {
            all.add(Arguments.of("closed form", base.build(), worldSize));
            all.add(Arguments.of(
                    "capped",
                    base.build().toBuilder().catchUp(CatchUp.capped(8)).build(),
                    worldSize));
            all.add(Arguments.of(
                    "replicated",
                    base.build().toBuilder().sharding(ShardingMode.REPLICATED).build(),
                    worldSize));
            all.add(Arguments.of(
                    "look-ahead", base.build().toBuilder().lookAhead(true).build(), worldSize));
            all.add(Arguments.of(
                    "rounded",
                    base.build().toBuilder()
                            .gradientPrecision(WirePrecision.BF16)
                            .parameterPrecision(WirePrecision.BF16)
                            .build(),
                    worldSize));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {2} ranks")
    @MethodSource("cases")
    void shouldGoOnBitForBit(String name, ScapeConfig config, int worldSize) throws Exception {
        Replicas straight = replicas(config, worldSize);
        Replicas stopped = replicas(config, worldSize);
        for (int stop : new int[] {2, 4, 5, 23}) {
            while (straight.states.get(0).step() < stop) {
                float[][] gradients = gradients(straight.states.get(0).step(), worldSize);
                straight.step(gradients, RATES);
                stopped.step(gradients, RATES);
            }
            stopped = resumed(stopped, config, save(stopped, config));
        }
        for (int step = 23; step < 40; step++) {
            straight.step(gradients(step, worldSize), RATES);
            stopped.step(gradients(step, worldSize), RATES);
            for (int rank = 0; rank < worldSize; rank++) {
                assertArrayEquals(straight.parametersOf(rank), stopped.parametersOf(rank), name + ", step " + step);
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

    private static Replicas resumed(Replicas from, ScapeConfig config, List<Path> files) throws Exception {
        Replicas fresh = replicas(config, from.worldSize);
        for (int rank = 0; rank < fresh.worldSize; rank++) {
            Checkpoint checkpoint = CheckpointReader.read(files.get(rank));
            checkpoint.requireMatch(fresh.shards.parameters().fingerprint(), config.digest());
            assertEquals(Map.of("batch", "17", "seed", "3"), checkpoint.attributes());
            fresh.states.get(rank).restore(checkpoint.snapshot());
            fresh.parameters.get(rank).put(0, checkpoint.parameters());
            fresh.steps.get(rank).resume(fresh.parameters.get(rank), RATES);
        }
        return fresh;
    }

    @Test
    void shouldNoticeEveryDamagedByte() throws Exception {
        ScapeConfig config = ScapeConfig.builder().warmupSteps(2).build();
        Replicas replicas = replicas(config, 2);
        for (int step = 0; step < 5; step++) {
            replicas.step(gradients(step, 2), RATES);
        }
        Path file = save(replicas, config).get(1);
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at += 3) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            assertThrows(CheckpointFormatException.class, () -> CheckpointReader.read(file), "byte " + at);
        }
        for (int length = 0; length < good.length; length += 7) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            var failure = assertThrows(CheckpointFormatException.class, () -> CheckpointReader.read(file));
            assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
        }
    }

    @Test
    void shouldRefuseAnotherModelOrConfiguration() throws Exception {
        ScapeConfig config = ScapeConfig.builder().warmupSteps(2).build();
        Checkpoint checkpoint =
                CheckpointReader.read(save(replicas(config, 1), config).get(0));
        var model = assertThrows(IllegalArgumentException.class, () -> checkpoint.requireMatch(1, config.digest()));
        assertTrue(model.getMessage().contains("network layout"), model.getMessage());
        long fingerprint = checkpoint.layoutFingerprint();
        var settings = assertThrows(IllegalArgumentException.class, () -> checkpoint.requireMatch(fingerprint, 1));
        assertTrue(settings.getMessage().contains("configuration"), settings.getMessage());
    }

    static List<Arguments> changes() {
        List<Arguments> all = new ArrayList<>();
        for (int[] change : new int[][] {{2, 4}, {4, 2}, {3, 1}, {1, 3}, {4, 8}}) {
            for (ShardingMode sharding : ShardingMode.values()) {
                all.add(Arguments.of(change[0], change[1], sharding));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0} to {1} ranks, {2}")
    @MethodSource("changes")
    void shouldLoseNothingWhenTheNumberOfRanksChanges(int before, int after, ShardingMode sharding) {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.08)
                .warmupSteps(4)
                .sharding(sharding)
                .build();
        Replicas old = replicas(config, before);
        for (int step = 0; step < 20; step++) {
            old.step(gradients(step, before), RATES);
        }
        int[] mask = old.nextMask();
        List<RankSnapshot> snapshots = new ArrayList<>();
        for (int rank = 0; rank < before; rank++) {
            snapshots.add(old.states.get(rank).snapshot(rank));
        }
        Replicas fresh = replicas(config, after);
        List<RankSnapshot> changed = new Resharding(config, snapshots, old.shards, fresh.shards).run();
        for (int rank = 0; rank < after; rank++) {
            fresh.states.get(rank).restore(changed.get(rank));
            fresh.parameters.get(rank).put(0, old.parametersOf(0));
        }
        assertArrayEquals(mask, fresh.nextMask());
        assertArrayEquals(old.moments(), fresh.moments());
        assertArrayEquals(old.ages(), fresh.ages());
        for (int i = 0; i < LENGTH; i++) {
            assertEquals(meanResidual(old, i), meanResidual(fresh, i), 1e-6, "coordinate " + i);
        }
        for (int step = 20; step < 30; step++) {
            fresh.step(gradients(step, after), RATES);
            assertArrayEquals(fresh.parametersOf(0), fresh.parametersOf(after - 1));
        }
    }

    private static double meanResidual(Replicas replicas, int i) {
        double sum = 0;
        for (RankState state : replicas.states) {
            sum += state.residual[i];
        }
        return sum / replicas.worldSize;
    }
}
