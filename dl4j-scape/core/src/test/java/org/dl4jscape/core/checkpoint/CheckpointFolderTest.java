package org.dl4jscape.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dl4jscape.core.checkpoint.CheckpointFolder.Saved;
import org.dl4jscape.core.step.RankSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a checkpoint, what is kept, and what is told when it cannot be. */
class CheckpointFolderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private static Checkpoint of(int rank, int worldSize, int step) {
        RankSnapshot.Arrays arrays = new RankSnapshot.Arrays(
                new float[] {step, rank}, new float[1], new int[1], new float[0], new float[0], new int[0]);
        RankSnapshot.MaskCopy mask = new RankSnapshot.MaskCopy(step, new int[worldSize + 1], new int[0], new float[0]);
        return new Checkpoint(
                1, 2, new RankSnapshot(rank, worldSize, step, 0, 0, arrays, mask), new float[2], Map.of());
    }

    private CheckpointFolder written(int... steps) throws IOException {
        CheckpointFolder folder = new CheckpointFolder(home.resolve("checkpoints"));
        for (int step : steps) {
            folder.write(of(0, 2, step));
            folder.write(of(1, 2, step));
        }
        return folder;
    }

    @Test
    void shouldHaveNoneWhereThereIsNoFolder() throws IOException {
        assertEquals(List.of(), written().complete());
    }

    @Test
    void shouldCountACheckpointOnceEveryRankHasWritten() throws IOException {
        CheckpointFolder folder = written(5, 100_000_000);
        folder.write(of(1, 2, 200_000_000));
        assertEquals(List.of(new Saved(5, 2), new Saved(100_000_000, 2)), folder.complete());
        folder.write(of(0, 2, 200_000_000));
        assertEquals(new Saved(200_000_000, 2), folder.latest().orElseThrow());
    }

    @Test
    void shouldReadWhatEveryRankWrote() throws IOException {
        List<Checkpoint> ranks = written(3, 7).read(new Saved(7, 2));
        assertEquals(7, ranks.get(0).snapshot().arrays().residual()[0]);
        assertEquals(1, ranks.get(1).snapshot().arrays().residual()[1]);
    }

    @Test
    void shouldNotTakeAFileForAnotherRanks() throws IOException {
        CheckpointFolder folder = written(3);
        Path step = home.resolve("checkpoints/step-00000003");
        Files.copy(step.resolve("rank-0-of-2.checkpoint"), step.resolve("rank-0-of-1.checkpoint"));
        CheckpointFormatException refusal =
                assertThrows(CheckpointFormatException.class, () -> folder.read(new Saved(3, 1)));
        assertTrue(
                refusal.getMessage().contains("rank-0-of-1.checkpoint is of rank 0 of 2 at step 3"),
                refusal::getMessage);
    }

    @Test
    void shouldKeepTheNewestOnly() throws IOException {
        CheckpointFolder folder = written(1, 2, 4, 5);
        folder.write(of(0, 2, 3));
        folder.write(of(0, 2, 6));
        folder.keepNewest(2);
        assertEquals(List.of(new Saved(4, 2), new Saved(5, 2)), folder.complete());
        assertFalse(Files.exists(home.resolve("checkpoints/step-00000003")), "an incomplete one that is older");
        assertTrue(Files.exists(home.resolve("checkpoints/step-00000006")), "one that is under way");
    }

    @Test
    void shouldForgetWhatWasTakenLater() throws IOException {
        CheckpointFolder folder = written(1, 2, 3);
        folder.forgetAfter(1);
        assertEquals(List.of(new Saved(1, 2)), folder.complete());
    }

    @Test
    void shouldSayWhichFileIsDamaged() throws IOException {
        CheckpointFolder folder = written(3);
        Path file = home.resolve("checkpoints/step-00000003/rank-1-of-2.checkpoint");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        CheckpointFormatException refusal =
                assertThrows(CheckpointFormatException.class, () -> folder.read(new Saved(3, 2)));
        assertTrue(refusal.getMessage().contains(file.toString()), refusal::getMessage);
    }

    @Test
    void shouldWriteInTheBackgroundAndKeepARing() throws IOException {
        CheckpointFolder folder = written();
        try (BackgroundWriter first = new BackgroundWriter(folder, 2, TIMEOUT);
                BackgroundWriter second = new BackgroundWriter(folder, 2, TIMEOUT)) {
            for (int step = 10; step <= 50; step += 10) {
                second.submit(of(1, 2, step));
                first.submit(of(0, 2, step));
            }
        }
        assertEquals(new Saved(50, 2), folder.latest().orElseThrow());
        folder.keepNewest(2);
        assertEquals(List.of(new Saved(40, 2), new Saved(50, 2)), folder.complete());
    }

    @Test
    void shouldTellAFailedWriteToTheNextCall() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "not a folder");
        BackgroundWriter writer = new BackgroundWriter(new CheckpointFolder(file), 1, TIMEOUT);
        writer.submit(of(0, 1, 1));
        UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> writer.submit(of(0, 1, 2)));
        assertTrue(failure.getMessage().contains(file.toString()), failure::getMessage);
        writer.close();
    }

    @Test
    void shouldRefuseAFileInPlaceOfTheFolder() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "not a folder");
        IOException refusal = assertThrows(IOException.class, () -> new CheckpointFolder(file).complete());
        assertTrue(refusal.getMessage().contains("is a file (expected: a folder of checkpoints)"), refusal::getMessage);
    }
}
