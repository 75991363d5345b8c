package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jscape.tests.support.ranks.RankGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments: no survivor hangs, each has a typed exception that names the dead rank and the parameters of a
 * whole step, and leaves no file. The next group is formed by the same JVMs, so forming it again is part of every trial.
 */
@Tag("multi-jvm")
class KillsTest {
    private static final long SEED = Long.getLong("chaos.seed", 20_260_701);
    private static final int SURVIVORS = KillTrial.RANKS - 1;
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Older than this, what a killed process left is deleted by the next start. */
    private static final long SWEPT_AFTER_MS = 31_000;

    @TempDir
    Path folder;

    private Path drivers;

    @BeforeEach
    void makeDrivers() throws IOException {
        drivers = Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : folder, "scape-kills-");
    }

    @AfterEach
    void deleteDrivers() throws IOException {
        try (Stream<Path> files = Files.walk(drivers)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldEndEverySurvivorWithATypedExceptionAndWholeParameters(TestReporter reporter) throws Exception {
        int kills = 8;
        List<KillTrial.Survivor> survivors = new KillTrials(SEED, folder, drivers).run(0, kills, 2, 5);
        assertEquals(kills * SURVIVORS, survivors.size(), () -> "seed " + SEED);
        survivors.forEach(one -> reporter.publishEntry(
                one.transport() + " " + one.failure() + ", " + one.phase(), Math.round(one.ms()) + " ms"));
    }

    @Test
    @Tag("slow")
    void shouldSurviveAThousandKills() throws Exception {
        int kills = Integer.getInteger("chaos.kills", 1000);
        int lanes = Integer.getInteger("chaos.lanes", 3);
        KillTrials trials = new KillTrials(SEED, folder, drivers);
        List<KillTrial.Survivor> survivors = new ArrayList<>(earlier());
        int done = survivors.size() / SURVIVORS;
        int until = Math.min(kills, done + Integer.getInteger("chaos.batch", kills));
        survivors.addAll(trials.run(done, until, lanes, 120));
        assertEquals(until * SURVIVORS, survivors.size(), () -> "seed " + SEED);
        Results.write(
                "kills.txt", survivors.stream().map(one -> one.toLine() + "\n").collect(Collectors.joining()));
        String table = trials.table(survivors, until, lanes, "tests/system/chaos kills");
        Results.write("kills.json", table);
        System.out.println(table);
        shouldSweepWhatTheKilledLeft();
    }

    /** What earlier calls have kept, so that a thousand kills can be made in several. */
    private static List<KillTrial.Survivor> earlier() throws IOException {
        Path file = Results.path("kills.txt");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(KillTrial.Survivor::parse)
                        .toList()
                : List.of();
    }

    private void shouldSweepWhatTheKilledLeft() throws Exception {
        Thread.sleep(SWEPT_AFTER_MS);
        try (RankPool pool = new RankPool(folder)) {
            RankGroup group = new RankGroup(pool.take(KillTrial.RANKS), UnaryOperator.identity());
            group.begin(KillLane.job("aeron", drivers).withTimeoutMs(60_000).withPauseUs(0), Duration.ofMinutes(1));
            assertEquals(
                    KillTrial.RANKS,
                    group.awaitOutcomes(Set.of(), Duration.ofMinutes(2)).stream()
                            .filter(outcome -> outcome.isDone())
                            .count());
        }
        Set<String> left = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(drivers)) {
            files.forEach(file -> left.add(file.getFileName().toString()));
        }
        assertEquals(Set.of(), left, "what killed processes left is deleted by the next start");
    }
}
