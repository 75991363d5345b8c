package org.dl4jscape.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint file is complete or absent, and an older one stays until the new one is complete. */
class CheckpointWriterTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldWriteOneFileAndNothingElse() throws IOException {
        Path file = folder.resolve("rank-1.scape");
        CheckpointWriter.write(file, SmallCheckpoint.content());
        assertEquals(List.of("rank-1.scape"), names());
        assertArrayEquals(SmallCheckpoint.bytes(), Files.readAllBytes(file));
    }

    @Test
    void shouldReplaceAnOlderFile() throws IOException {
        Path file = folder.resolve("rank-1.scape");
        Files.write(file, new byte[100_000]);
        CheckpointWriter.write(file, SmallCheckpoint.content());
        SmallCheckpoint.assertSame(SmallCheckpoint.content(), CheckpointReader.read(file));
    }

    @Test
    void shouldReplaceWhatACrashLeftBehind() throws IOException {
        Files.write(folder.resolve("rank-1.scape.partial"), new byte[100_000]);
        CheckpointWriter.write(folder.resolve("rank-1.scape"), SmallCheckpoint.content());
        assertEquals(List.of("rank-1.scape"), names());
    }

    /** The rename fails, because a folder that is not empty has the name. */
    @Test
    void shouldLeaveWhatIsThereAndNoPartWhenTheRenameFails() throws IOException {
        Path file = folder.resolve("rank-1.scape");
        Files.createDirectories(file.resolve("precious"));
        assertThrows(IOException.class, () -> CheckpointWriter.write(file, SmallCheckpoint.content()));
        assertTrue(Files.isDirectory(file.resolve("precious")));
        assertEquals(List.of("rank-1.scape"), names());
    }

    /** Writing fails, because a folder has the name of the part. */
    @Test
    void shouldLeaveTheOlderFileIntactWhenWritingFails() throws IOException {
        Path file = folder.resolve("rank-1.scape");
        CheckpointWriter.write(file, SmallCheckpoint.content());
        Files.createDirectories(folder.resolve("rank-1.scape.partial/held"));
        assertThrows(IOException.class, () -> CheckpointWriter.write(file, SmallCheckpoint.content()));
        SmallCheckpoint.assertSame(SmallCheckpoint.content(), CheckpointReader.read(file));
    }

    @Test
    void shouldFailWhereTheFolderIsMissing() {
        Path file = folder.resolve("absent").resolve("rank-1.scape");
        assertThrows(IOException.class, () -> CheckpointWriter.write(file, SmallCheckpoint.content()));
        assertFalse(Files.exists(file));
    }

    @Test
    void shouldRefuseAFileThatGoesOnAfterItsEnd() throws IOException {
        Path file = folder.resolve("rank-1.scape");
        byte[] longer = java.util.Arrays.copyOf(SmallCheckpoint.bytes(), SmallCheckpoint.bytes().length + 1);
        Files.write(file, longer);
        var refused = assertThrows(CheckpointFormatException.class, () -> CheckpointReader.read(file));
        assertEquals("checkpoint " + file + " goes on after its end section; use an older one", refused.getMessage());
    }

    @Test
    void shouldPassOnThatAFileIsMissing() {
        assertThrows(IOException.class, () -> CheckpointReader.read(folder.resolve("absent.scape")));
    }
}
