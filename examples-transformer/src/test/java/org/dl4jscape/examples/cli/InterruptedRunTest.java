package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C in the middle of a training, in a process of its own. */
@Tag("multi-jvm")
class InterruptedRunTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"spark", "jvm"})
    void shouldEndWithStatus130AndLeaveNeitherResultNorDriver(String engine) throws Exception {
        Path out = folder.resolve("run");
        Process process = start(engine, out);
        try {
            Path metrics = out.resolve("metrics.jsonl");
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!(Files.exists(metrics) && Files.size(metrics) > 0)) {
                assertTrue(process.isAlive(), "ended early with " + process.toHandle());
                assertTrue(System.nanoTime() < deadlineNs, "no step within " + PATIENCE_SECONDS + " s");
                Thread.sleep(50);
            }
            assertFalse(driverFolders(process.pid()).isEmpty(), "the fault must hit a running driver");
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "did not end");
            assertEquals(130, process.exitValue());
            assertFalse(Files.exists(out.resolve("result.json")));
            assertEquals(List.of(), driverFolders(process.pid()));
            assertTrue(Files.readString(folder.resolve("errors")).contains("pretrain: stopped; "));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String engine, Path out) throws IOException {
        // A shell that starts something in the background makes it ignore SIGINT, and children inherit that.
        return CommandRun.start(
                folder,
                List.of("env", "--default-signal=INT"),
                List.of(
                        "pretrain",
                        "--engine",
                        engine,
                        "--steps",
                        "1000000",
                        "--quiet",
                        "--out",
                        out.toString(),
                        "--data",
                        CommandRun.text(folder, "training.txt", 4000).toString(),
                        "--validation",
                        CommandRun.text(folder, "validation.txt", 500).toString()));
    }

    private static List<Path> driverFolders(long pid) throws IOException {
        Path shared = Files.isDirectory(Path.of("/dev/shm"))
                ? Path.of("/dev/shm")
                : Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> all = Files.list(shared)) {
            return all.filter(path -> path.getFileName().toString().startsWith("dl4jscape-aeron-" + pid + "-"))
                    .toList();
        }
    }
}
