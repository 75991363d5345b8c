package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What survivors see when one of three JVMs ends. */
@Tag("multi-jvm")
class LostRankTest {
    private static final int WORLD_SIZE = 3;
    private static final Pattern FAILED = Pattern.compile("(\\d{13}) \\w+Exception ");

    @TempDir
    Path folder;

    private final List<Process> ranks = new ArrayList<>();

    private void startRanks(String transport) throws Exception {
        Files.createDirectory(folder.resolve("driver"));
        for (int rank = 0; rank < WORLD_SIZE; rank++) {
            ranks.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RankProcess.class.getName(),
                            Integer.toString(rank),
                            Integer.toString(WORLD_SIZE),
                            folder.toString(),
                            transport)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output-" + rank).toFile())
                    .start());
        }
        for (int rank = 0; rank < WORLD_SIZE; rank++) {
            awaitRunning(rank);
        }
    }

    @AfterEach
    void endRanks() {
        ranks.forEach(Process::destroyForcibly);
    }

    /** At default settings; how long it took is reported and not judged, because the machine may be busy. */
    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc", "tcp"})
    void shouldNameTheRankWhoseProcessWasKilled(String transport, TestReporter reporter) throws Exception {
        startRanks(transport);
        ranks.get(1).destroyForcibly();
        assertEquals(137, awaitEnd(1));
        long killedMs = System.currentTimeMillis();
        for (int survivor : new int[] {0, 2}) {
            assertEquals(3, awaitEnd(survivor), output(survivor));
            String output = output(survivor);
            assertTrue(output.contains("PeerLostException rank 1 of 3 is lost"), output);
            Matcher line = FAILED.matcher(output);
            assertTrue(line.find(), output);
            reporter.publishEntry(
                    transport + ": rank " + survivor + " knew after ms",
                    Long.toString(Long.parseLong(line.group(1)) - killedMs));
        }
        long left = transport.equals("tcp") ? 0 : 1;
        assertEquals(left, driverFolders(), "only the killed rank may leave its folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc"})
    void shouldTellTheOthersAndLeaveNothingWhenAProcessIsTerminated(String transport) throws Exception {
        startRanks(transport);
        ranks.get(1).destroy();
        assertEquals(143, awaitEnd(1));
        for (int survivor : new int[] {0, 2}) {
            assertEquals(3, awaitEnd(survivor), output(survivor));
            assertTrue(output(survivor).contains("rank 1 aborted"), output(survivor));
        }
        assertEquals(0, driverFolders());
    }

    private void awaitRunning(int rank) throws Exception {
        for (int i = 0; i < 6000 && !Files.exists(folder.resolve("running-" + rank)); i++) {
            assertTrue(ranks.get(rank).isAlive(), () -> "rank " + rank + " ended early: " + output(rank));
            Thread.sleep(10);
        }
        assertTrue(Files.exists(folder.resolve("running-" + rank)), () -> "rank " + rank + ": " + output(rank));
    }

    private int awaitEnd(int rank) throws InterruptedException {
        boolean ended = ranks.get(rank).waitFor(30, TimeUnit.SECONDS);
        assertTrue(ended, () -> "rank " + rank + " still runs: " + output(rank));
        return ranks.get(rank).exitValue();
    }

    private String output(int rank) {
        try {
            return Files.readString(folder.resolve("output-" + rank));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private long driverFolders() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("driver"))) {
            return files.count();
        }
    }
}
