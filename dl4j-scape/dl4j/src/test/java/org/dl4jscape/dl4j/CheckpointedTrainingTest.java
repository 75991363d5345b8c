package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.checkpoint.CheckpointFolder.Saved;
import org.dl4jscape.core.checkpoint.CheckpointFormatException;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.step.StepListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Saved while it runs, stopped anywhere, resumed by a new trainer on a new network: nothing is lost. */
class CheckpointedTrainingTest {
    private static final int EPOCHS = 3;
    /** Ten steps an epoch; rank 1 has no batch in the last one. */
    private static final List<DataSet> DATA = Networks.batches(19, 8, 81);

    private static final ScapeConfig SPARSE =
            ScapeConfig.builder().density(0.1).warmupSteps(4).build();
    private static final ScapeConfig AHEAD = SPARSE.toBuilder().lookAhead(true).build();

    @TempDir
    Path home;

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop(int step) {
            super("stopped after step " + step);
        }
    }

    private static FitResult train(
            Model network, ScapeConfig config, int ranks, int stopAfter, CheckpointPolicy policy) {
        StepListener stop = stats -> {
            if (stats.step() == stopAfter) {
                throw new Stop(stopAfter);
            }
        };
        return ScapeTrainer.builder()
                .ranks(ranks)
                .config(config)
                .listeners(rank -> rank == 0 ? List.of(stop) : List.of())
                .checkpoints(policy)
                .build()
                .fit(network, epoch -> DATA.iterator(), EPOCHS);
    }

    private static Model network() {
        return Networks.withBatchNorm(new AdamS(0.01));
    }

    private static int latest(Path folder) throws IOException {
        return new CheckpointFolder(folder).latest().map(Saved::step).orElse(0);
    }

    @Test
    void shouldEndWithTheSameBitsWhereverItWasStopped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (ScapeConfig config : List.of(SPARSE, AHEAD)) {
            String whole = ScapeTrainer.builder()
                    .config(config)
                    .build()
                    .fit(network(), epoch -> DATA.iterator(), EPOCHS)
                    .parametersSha256()
                    .get(0);
            for (int run = 0; run < 10; run++) {
                int stopAfter = 1 + random.nextInt(29);
                int every = 1 + random.nextInt(7);
                String name = "seed " + seed + ", stopped after step " + stopAfter + ", saved every " + every;
                CheckpointPolicy policy = CheckpointPolicy.in(home.resolve(config.lookAhead() + "-" + run))
                        .every(every);
                assertThrows(Stop.class, () -> train(network(), config, 2, stopAfter, policy), name);
                FitResult resumed = train(network(), config, 2, -1, policy.resume());
                assertEquals(30, resumed.steps(), name);
                assertEquals(List.of(whole, whole), resumed.parametersSha256(), name);
            }
        }
    }

    @Test
    void shouldGoOnFromTheLastMultipleAndKeepTheNewest() throws IOException {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(5).keep(2);
        assertThrows(Stop.class, () -> train(network(), SPARSE, 2, 23, policy));
        assertEquals(20, latest(home));
        List<Integer> steps = new ArrayList<>();
        ScapeTrainer.builder()
                .config(SPARSE)
                .listeners(rank -> rank == 0 ? List.of(stats -> steps.add(stats.step())) : List.of())
                .checkpoints(policy.resume())
                .build()
                .fit(network(), epoch -> DATA.iterator(), EPOCHS);
        assertEquals(List.of(21, 22, 23, 24, 25, 26, 27, 28, 29, 30), steps);
        new CheckpointFolder(home).keepNewest(2);
        assertEquals(List.of(new Saved(25, 2), new Saved(30, 2)), new CheckpointFolder(home).complete());
    }

    @Test
    void shouldHandBackAFinishedTrainingAndAddEpochsToIt() {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(1000);
        Model first = network();
        FitResult finished = train(first, SPARSE, 2, -1, policy);
        Model second = network();
        FitResult again = train(second, SPARSE, 2, -1, policy.resume());
        assertEquals(finished.parametersSha256(), again.parametersSha256());
        assertEquals(first.params(), second.params());
        FitResult longer = ScapeTrainer.builder()
                .config(SPARSE)
                .checkpoints(policy.resume())
                .build()
                .fit(network(), epoch -> DATA.iterator(), EPOCHS + 1);
        assertEquals(40, longer.steps());
    }

    @Test
    void shouldGoOnWithAnotherNumberOfRanksAndUseEveryBatchOnce() {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(5);
        assertThrows(Stop.class, () -> train(network(), AHEAD, 2, 27, policy));
        // Saved after step 25, when 10 of the 19 batches of the third epoch were used; three ranks have 9 left.
        FitResult resumed = train(network(), AHEAD, 3, -1, policy.resume());
        assertEquals(25 + 3, resumed.steps());
        assertEquals(3, resumed.parametersSha256().size());
        assertTrue(resumed.replicasIdentical());
    }

    @Test
    void shouldNotMixTwoTrainings() throws IOException {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(10);
        train(network(), SPARSE, 2, -1, policy);
        String full = message(() -> train(network(), SPARSE, 2, -1, policy));
        assertTrue(full.contains("has some already, up to step 30 (expected: none); call resume()"), full);
        String config = message(() -> train(network(), AHEAD, 2, -1, policy.resume()));
        assertTrue(config.contains("the checkpoint has configuration"), config);
        Model other = Networks.multiLayer(new AdamS(0.01));
        String network = message(() -> train(other, SPARSE, 2, -1, policy.resume()));
        assertTrue(network.contains("the checkpoint has network layout"), network);
        assertEquals(30, latest(home));
    }

    private static String message(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void shouldSayWhichFileIsTruncatedBeforeTraining() throws IOException {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(10);
        train(network(), SPARSE, 2, -1, policy);
        Path file = home.resolve("step-00000030/rank-1-of-2.checkpoint");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 9));
        CheckpointFormatException refusal =
                assertThrows(CheckpointFormatException.class, () -> train(network(), SPARSE, 2, -1, policy.resume()));
        assertTrue(String.valueOf(refusal.getMessage()).contains(file + " is truncated"), refusal::getMessage);
    }

    @Test
    void shouldRefuseAFileInPlaceOfTheFolderBeforeTraining() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "text");
        Model network = network();
        UncheckedIOException refusal = assertThrows(
                UncheckedIOException.class, () -> train(network, SPARSE, 2, -1, CheckpointPolicy.in(file)));
        assertTrue(String.valueOf(refusal.getMessage()).contains(file + " cannot be read"), refusal::getMessage);
        assertEquals(network().params(), network.params());
    }

    @Test
    void shouldRefuseSillyNumbers() {
        assertThrows(
                IllegalArgumentException.class, () -> CheckpointPolicy.in(home).every(0));
        assertThrows(
                IllegalArgumentException.class, () -> CheckpointPolicy.in(home).keep(0));
        assertFalse(CheckpointPolicy.in(home).resumes());
    }
}
