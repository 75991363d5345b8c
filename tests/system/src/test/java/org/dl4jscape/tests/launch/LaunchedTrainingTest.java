package org.dl4jscape.tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Launched processes train as threads do, bit for bit, also when one is killed on the way. */
@Tag("multi-jvm")
class LaunchedTrainingTest {
    @TempDir
    Path folder;

    private List<String> program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-Dorg.bytedeco.javacpp.maxbytes=256m",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=2g",
                "-cp",
                System.getProperty("java.class.path"),
                LaunchedProgram.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Launcher launch(List<String> options, List<String> program) {
        List<String> all = new ArrayList<>(options);
        all.add("--");
        all.addAll(program);
        return Launcher.start(all.toArray(String[]::new));
    }

    /** The same training on threads, without a stop. */
    private static FitResult onThreads(int ranks) {
        List<DataSet> batches = LaunchedProgram.batches();
        return ScapeTrainer.builder()
                .ranks(ranks)
                .config(Problem.sparse())
                .build()
                .fit(Problem.multiLayer(), epoch -> batches.iterator(), LaunchedProgram.EPOCHS);
    }

    private static void assertTrained(FitResult expected, Launcher launcher, int... ranks) {
        String digests = String.join(",", expected.parametersSha256());
        for (int rank : ranks) {
            assertTrue(
                    launcher.lines().contains("[rank " + rank + "] sha256=" + digests),
                    () -> digests + " is not in " + launcher.lines());
            assertTrue(launcher.lines().contains("[rank " + rank + "] steps=" + expected.steps()), "steps");
        }
    }

    @Test
    void shouldEndWithTheBitsOfFourThreadsWhenTwoLaunchersStartTwoRanksEach() throws Exception {
        String meeting = Launcher.freeMeeting();
        List<String> program = program("aeron", folder.resolve("checkpoints").toString());
        List<String> options = List.of("--nproc-per-node", "2", "--nnodes", "2", "--rendezvous", meeting);
        List<String> second = new ArrayList<>(options);
        second.addAll(List.of("--node-rank", "1"));
        Launcher late = launch(second, program);
        Launcher first = launch(options, program);

        assertEquals(0, first.status(), first.errors());
        assertEquals(0, late.status(), late.errors());
        FitResult threads = onThreads(4);
        assertTrained(threads, first, 0, 1);
        assertTrained(threads, late, 2, 3);
    }

    @Test
    void shouldGoOnFromTheNewestCheckpointWhenARankWasKilled() throws Exception {
        Launcher launcher = launch(
                List.of("--nproc-per-node", "2", "--max-restarts", "1"),
                program("tcp", folder.resolve("checkpoints").toString(), "18"));

        assertEquals(0, launcher.status(), launcher.errors());
        assertTrue(launcher.errors().contains("rank 1 on node 0 ended with status 137 (signal 9)"), launcher.errors());
        assertTrue(launcher.errors().contains("restart 1 of 1"), launcher.errors());
        FitResult threads = onThreads(2);
        assertTrained(threads, launcher, 0, 1);
        // At the kill in step 18 the checkpoint of step 12 is complete, that of step 16 may be.
        String ran = "[rank 0] stepsOfThisProcess=";
        int steps = launcher.lines().stream()
                .filter(line -> line.startsWith(ran))
                .mapToInt(line -> Integer.parseInt(line.substring(ran.length())))
                .sum();
        assertTrue(steps > 0 && steps <= threads.steps() - 12, steps + " of " + threads.steps() + " steps again");
    }
}
