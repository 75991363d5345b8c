package org.dl4jscape.tests.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.JavaProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Four JVMs over Aeron UDP are four threads, bit for bit; and when one is killed, the others say which. */
@Tag("multi-jvm")
class FourProcessesTest {
    private static final int RANKS = 4;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration FAILURE_LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<JavaProcess> processes = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(folder.resolve("drivers"));
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(JavaProcess::close);
    }

    private void start(int ranks, int epochs) {
        for (int rank = 0; rank < ranks; rank++) {
            processes.add(JavaProcess.start(
                    "rank " + rank,
                    folder.resolve("output-" + rank),
                    List.of(
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.io.tmpdir=" + folder,
                            "-Dorg.bytedeco.javacpp.maxbytes=256m",
                            "-Dorg.bytedeco.javacpp.maxphysicalbytes=2g"),
                    Map.of("OMP_NUM_THREADS", "1"),
                    TrainingRank.class,
                    Integer.toString(rank),
                    Integer.toString(ranks),
                    folder.toString(),
                    Integer.toString(epochs)));
        }
    }

    private static Set<String> driverFolders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(parent)) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("dl4jscape-aeron-") || name.startsWith("aeron-"))
                    .toList());
        }
    }

    /** Folders of drivers that belong to the processes of this test. */
    private Set<String> leftovers() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path parent : List.of(folder, folder.resolve("drivers"), Path.of("/dev/shm"))) {
            for (String name : driverFolders(parent)) {
                boolean own = processes.stream()
                        .anyMatch(
                                process -> name.contains("-" + process.handle().pid() + "-"));
                if (own || !parent.startsWith("/dev/shm")) {
                    found.add(parent.resolve(name).toString());
                }
            }
        }
        return found;
    }

    @Test
    void shouldEndWithTheSameBitsInAllProcessesAndInFourThreads() throws Exception {
        start(RANKS, 2);
        for (JavaProcess process : processes) {
            assertEquals(0, process.awaitExit(START_LIMIT), process.output());
        }
        List<DataSet> batches =
                Problem.batches(TrainingRank.BATCHES_PER_RANK * RANKS, TrainingRank.BATCH_SIZE, TrainingRank.DATA_SEED);
        FitResult threads = ScapeTrainer.builder()
                .ranks(RANKS)
                .config(Problem.sparse())
                .build()
                .fit(Problem.multiLayer(), epoch -> batches.iterator(), 2);
        for (JavaProcess process : processes) {
            assertEquals(threads.parametersSha256().get(0), process.value("sha256"));
            assertEquals(2 * TrainingRank.BATCHES_PER_RANK, Integer.parseInt(process.value("steps")));
        }
        assertEquals(Set.of(), leftovers());
    }

    @Test
    void shouldNameTheRankThatWasKilledAndLeaveNothingBehind() throws Exception {
        int ranks = 3;
        start(ranks, 1_000_000);
        for (int rank = 0; rank < ranks; rank++) {
            Path training = folder.resolve("trains-" + rank);
            processes.get(rank).await("its tenth step", START_LIMIT, () -> Files.exists(training));
        }
        JavaProcess killed = processes.get(2);
        assertTrue(killed.handle().isAlive());
        killed.kill();
        assertEquals(137, killed.awaitExit(FAILURE_LIMIT), "SIGKILL");
        assertFalse(killed.output().contains("failure="), killed.output());
        for (int rank : new int[] {0, 1}) {
            JavaProcess survivor = processes.get(rank);
            assertEquals(TrainingRank.FAILED, survivor.awaitExit(FAILURE_LIMIT), survivor.output());
            String failure = survivor.value("failure");
            assertTrue(failure.contains("rank 2 of 3 is lost"), failure);
            assertTrue(failure.matches("(PeerLostException|RankAbortedException) .*"), failure);
        }
        Set<String> left = leftovers();
        String killedOnly = "-" + killed.handle().pid() + "-";
        assertTrue(left.stream().allMatch(name -> name.contains(killedOnly)), "survivors left " + left);
        assertEquals(1, left.size(), "a killed process cannot delete its folder; the next start does");
    }
}
