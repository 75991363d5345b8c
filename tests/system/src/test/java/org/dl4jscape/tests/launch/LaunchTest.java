package org.dl4jscape.tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jscape.dl4j.launch.ScapeLaunch;
import org.dl4jscape.tests.support.JavaProcess;
import org.dl4jscape.tests.support.faults.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does with processes, whatever they are: here they are shells. */
@Tag("multi-jvm")
class LaunchTest {
    /** Writes its process id to a file of its rank, then waits for ever. */
    private static final String WAIT =
            "echo $$ > pid-$SCAPE_RANK.new; mv pid-$SCAPE_RANK.new pid-$SCAPE_RANK;" + " exec sleep 100000";

    @TempDir
    Path folder;

    private String in(String script) {
        return "cd '" + folder + "'; " + script;
    }

    @AfterEach
    void endWhatIsLeft() throws IOException {
        for (int rank = 0; rank < 4; rank++) {
            if (Files.exists(folder.resolve("pid-" + rank))) {
                ProcessHandle.of(pid(rank)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private long pid(int rank) throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("pid-" + rank)).trim());
    }

    private void awaitPid(int rank) throws InterruptedException {
        long deadlineNs = System.nanoTime() + Launcher.LIMIT.toNanos();
        while (!Files.exists(folder.resolve("pid-" + rank))) {
            assertTrue(System.nanoTime() < deadlineNs, "rank " + rank + " was not started");
            Thread.sleep(10);
        }
    }

    private void assertEnds(int rank) throws Exception {
        long deadlineNs = System.nanoTime() + Launcher.LIMIT.toNanos();
        while (ProcessHandle.of(pid(rank)).filter(ProcessHandle::isAlive).isPresent()) {
            assertTrue(System.nanoTime() < deadlineNs, "rank " + rank + " still runs");
            Thread.sleep(10);
        }
    }

    @Test
    void shouldTellEveryRankItsPlaceAndMarkItsOutput() throws Exception {
        Launcher launcher = Launcher.start(
                "--nproc-per-node",
                "3",
                "--",
                "sh",
                "-c",
                "echo \"$SCAPE_LOCAL_RANK of $SCAPE_LOCAL_WORLD_SIZE, all $SCAPE_WORLD_SIZE, generation"
                        + " $SCAPE_GENERATION, on $SCAPE_ADDRESS, threads $OMP_NUM_THREADS\"; echo oh >&2");
        assertEquals(0, launcher.status(), launcher.errors());
        for (int rank = 0; rank < 3; rank++) {
            String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "1");
            String line =
                    "[rank " + rank + "] " + rank + " of 3, all 3, generation 0, on 127.0.0.1, threads " + threads;
            assertTrue(launcher.lines().contains(line), () -> launcher.lines() + " without " + line);
            assertTrue(launcher.errors().contains("[rank " + rank + "] oh"), launcher.errors());
        }
    }

    @Test
    void shouldPassArgumentsOnAsTheyAre() throws Exception {
        Launcher launcher = Launcher.start("sh", "-c", "echo \"$@\"", "sh", "--nproc-per-node", "x  y", "--help");

        assertEquals(0, launcher.status(), launcher.errors());
        assertEquals(List.of("[rank 0] --nproc-per-node x  y --help"), launcher.lines());
    }

    @Test
    void shouldPassOutputOnWhateverItsLinesAre() throws Exception {
        Launcher launcher =
                Launcher.start("--", "sh", "-c", "printf 'a\\r\\nb\\rc\\n\\nd'; head -c 100000 /dev/zero | tr '\\0' x");

        assertEquals(0, launcher.status(), launcher.errors());
        List<String> lines = launcher.lines();
        assertEquals(List.of("[rank 0] a", "[rank 0] b", "[rank 0] c", "[rank 0] "), lines.subList(0, 4));
        String rest = String.join("", lines.subList(4, lines.size()));
        assertEquals(100_000, rest.chars().filter(c -> c == 'x').count());
        assertTrue(rest.startsWith("[rank 0] dxx"), rest.substring(0, 20));
    }

    @Test
    void shouldEndAllRanksWhenOneFails() throws Exception {
        String script =
                in("if [ $SCAPE_RANK = 1 ]; then while [ ! -e pid-0 ]; do sleep 0.1; done; exit 7; fi; " + WAIT);
        Launcher launcher = Launcher.start("--nproc-per-node", "2", "--", "sh", "-c", script);

        assertEquals(1, launcher.status(), launcher.errors());
        assertTrue(
                launcher.errors().contains("scape-launch: rank 1 on node 0 ended with status 7; its output says why"),
                launcher.errors());
        assertFalse(ProcessHandle.of(pid(0)).filter(ProcessHandle::isAlive).isPresent(), "rank 0 still runs");
    }

    @Test
    void shouldStartAllRanksAgainAsOftenAsAllowed() throws Exception {
        String script = in("echo run >> runs-$SCAPE_RANK; [ $SCAPE_RANK = 0 ] || [ $SCAPE_GENERATION = 2 ]");
        Launcher launcher = Launcher.start("--nproc-per-node", "2", "--max-restarts", "2", "--", "sh", "-c", script);

        assertEquals(0, launcher.status(), launcher.errors());
        assertEquals(3, Files.readAllLines(folder.resolve("runs-1")).size());
        assertTrue(launcher.errors().contains("all ranks start again (restart 2 of 2)"), launcher.errors());
    }

    @Test
    void shouldStartTheRanksOfAllNodesAgain() throws Exception {
        String script = in("echo run >> runs-$SCAPE_RANK; [ $SCAPE_GENERATION = 1 ] || [ $SCAPE_RANK = 0 ]"
                + " || { while [ ! -e runs-0 ]; do sleep 0.1; done; exit 3; };"
                + " [ $SCAPE_GENERATION = 1 ] || exec sleep 100000");
        String meeting = Launcher.freeMeeting();
        Launcher second =
                Launcher.start("--nnodes", "2", "--node-rank", "1", "--rendezvous", meeting, "--", "sh", "-c", script);
        Launcher first = Launcher.start(
                "--nnodes", "2", "--rendezvous", meeting, "--max-restarts", "1", "--", "sh", "-c", script);

        assertEquals(0, first.status(), first.errors());
        assertEquals(0, second.status(), second.errors());
        assertEquals(2, Files.readAllLines(folder.resolve("runs-0")).size());
        assertEquals(2, Files.readAllLines(folder.resolve("runs-1")).size());
        assertTrue(first.errors().contains("rank 1 on node 1 ended with status 3"), first.errors());
    }

    @Test
    void shouldGiveUpWhenNoRestartIsLeft() throws Exception {
        Launcher launcher = Launcher.start("--max-restarts", "1", "--", "sh", "-c", in("echo run >> runs; kill -9 $$"));

        assertEquals(1, launcher.status(), launcher.errors());
        assertEquals(2, Files.readAllLines(folder.resolve("runs")).size());
        assertTrue(launcher.errors().contains("ended with status 137 (signal 9)"), launcher.errors());
    }

    @Test
    void shouldEndItsRanksWhenItIsAskedToEnd() throws Exception {
        try (JavaProcess launcher = launcher("launcher", "--nproc-per-node", "2", "--", "sh", "-c", in(WAIT))) {
            awaitPid(0);
            awaitPid(1);
            launcher.handle().destroy();

            assertEquals(143, launcher.awaitExit(Launcher.LIMIT), launcher.output());
            assertEnds(0);
            assertEnds(1);
        }
    }

    @Test
    void shouldTakeItsRanksWithItWhenItIsKilled() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "setpriv"))),
                "left out: there is no setpriv; install util-linux");
        try (JavaProcess launcher = launcher("launcher", "--nproc-per-node", "2", "--", "sh", "-c", in(WAIT))) {
            awaitPid(0);
            awaitPid(1);
            Signal.KILL.send(launcher.handle().pid());

            assertEquals(137, launcher.awaitExit(Launcher.LIMIT), launcher.output());
            assertEnds(0);
            assertEnds(1);
        }
    }

    @Test
    void shouldEndWhenTheLauncherOfAnotherNodeIsGone() throws Exception {
        String meeting = Launcher.freeMeeting();
        Launcher first = Launcher.start(
                "--nnodes", "2", "--rendezvous", meeting, "--max-restarts", "3", "--", "sh", "-c", in(WAIT));
        try (JavaProcess second = launcher(
                "node 1", "--nnodes", "2", "--node-rank", "1", "--rendezvous", meeting, "--", "sh", "-c", in(WAIT))) {
            awaitPid(0);
            awaitPid(1);
            second.kill();

            assertEquals(1, first.status(), first.errors());
            assertTrue(first.errors().contains("the launcher of node 1"), first.errors());
            assertEnds(0);
        }
    }

    private JavaProcess launcher(String name, String... arguments) {
        return JavaProcess.start(
                name,
                folder.resolve(name),
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Map.of(),
                ScapeLaunch.class,
                arguments);
    }
}
