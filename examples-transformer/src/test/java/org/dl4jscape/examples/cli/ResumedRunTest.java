package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose process is killed, or stopped by Ctrl-C, at a random step, and one that goes on from its folder. */
@Tag("multi-jvm")
class ResumedRunTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int STEPS = 45;

    @TempDir
    Path folder;

    private List<String> arguments(String engine, Path out) {
        return List.of(
                "--engine",
                engine,
                "--transport",
                "inprocess",
                "--steps",
                String.valueOf(STEPS),
                "--eval-every",
                "20",
                "--checkpoint-every",
                "7",
                "--batch",
                "4",
                "--quiet",
                "--out",
                out.toString(),
                "--data",
                CommandRun.text(folder, "training.txt", 4000).toString(),
                "--validation",
                CommandRun.text(folder, "validation.txt", 500).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark KILL", "jvm KILL", "spark INT", "jvm INT"})
    void shouldEndWithTheSameBitsAfterASignalAtARandomStep(String engineAndSignal) throws Exception {
        String[] chosen = engineAndSignal.split(" ");
        long seed = System.nanoTime();
        int signalAfter = 1 + new Random(seed).nextInt(STEPS - 10);
        String name = engineAndSignal + ", seed " + seed + ", signal after step " + signalAfter;
        Path whole = folder.resolve("whole");
        assertEquals(
                0, CommandRun.of(arguments("jvm", whole).toArray(String[]::new)).status());
        Path out = folder.resolve("stopped");
        int status = signal(chosen[0], chosen[1], signalAfter, out, name);
        assertFalse(Files.exists(out.resolve("result.json")), name + ": the signal must come before the end");
        if (chosen[1].equals("INT")) {
            assertEquals(130, status, name);
            requireSavedAndSaid(out, name);
        }

        CommandRun resumed = CommandRun.scape("resume", out.toString(), "--quiet");

        assertEquals(0, resumed.status(), name + resumed.errors());
        JsonNode expected = CommandRun.json(whole.resolve("result.json"));
        JsonNode result = CommandRun.json(out.resolve("result.json"));
        for (String field : List.of("parametersSha256", "validationLoss", "initialValidationLoss", "steps", "tokens")) {
            assertEquals(expected.get(field), result.get(field), name + ": " + field);
        }
        assertEquals(steps(whole), steps(out), name);
        CommandRun again = CommandRun.scape("resume", out.toString());
        assertEquals(2, again.status());
        assertTrue(again.errors().contains("is finished"), again.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark", "jvm"})
    void shouldWriteTheResultOfARunThatWasKilledAfterItsLastStep(String engine) throws IOException {
        Path out = folder.resolve("last");
        assertEquals(
                0, CommandRun.of(arguments(engine, out).toArray(String[]::new)).status());
        JsonNode expected = CommandRun.json(out.resolve("result.json"));
        List<String> steps = steps(out);
        Files.delete(out.resolve("result.json"));
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl"));
        Files.write(out.resolve("metrics.jsonl"), lines.subList(0, lines.size() - 1)); // without the last validation
        CommandRun resumed = CommandRun.scape("resume", out.toString(), "--quiet");
        assertEquals(0, resumed.status(), resumed.errors());
        JsonNode result = CommandRun.json(out.resolve("result.json"));
        for (String field : List.of("parametersSha256", "validationLoss", "steps", "bytesRatio")) {
            assertEquals(expected.get(field), result.get(field), field);
        }
        assertEquals(steps, steps(out));
    }

    /** The exit status of a process that got a signal after some steps. */
    private int signal(String engine, String signal, int after, Path out, String name) throws Exception {
        List<String> command = new ArrayList<>(List.of("pretrain"));
        command.addAll(arguments(engine, out));
        // A shell that starts something in the background makes it ignore SIGINT, and children inherit that.
        Process process = CommandRun.start(folder, List.of("env", "--default-signal=INT"), command);
        try {
            Path metrics = out.resolve("metrics.jsonl");
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (lines(metrics) < after) {
                assertTrue(process.isAlive(), name + ": ended early, " + Files.readString(folder.resolve("errors")));
                assertTrue(System.nanoTime() < deadlineNs, name + ": not reached within " + PATIENCE_SECONDS + " s");
                Thread.sleep(5);
            }
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), name + ": did not end");
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void requireSavedAndSaid(Path out, String name) throws IOException {
        int saved = new CheckpointFolder(RunFolder.checkpoints(out))
                .latest()
                .orElseThrow()
                .step();
        String errors = Files.readString(folder.resolve("errors"));
        String expected =
                "pretrain: stopped; step " + saved + " of " + STEPS + " is saved, go on with: scape resume " + out;
        assertEquals(expected, errors.strip(), name);
        int last = (int)
                steps(out).stream().filter(line -> line.contains("\"loss\"")).count();
        assertEquals(last, saved, name + ": the last step is the one that is saved");
    }

    @Test
    void shouldKeepASecondRunOut() throws Exception {
        Path out = folder.resolve("busy");
        List<String> arguments = new ArrayList<>(arguments("jvm", out));
        arguments.set(arguments.indexOf("--steps") + 1, "1000000");
        arguments.add(0, "pretrain");
        Process process = CommandRun.start(folder, List.of(), arguments);
        try {
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (lines(out.resolve("metrics.jsonl")) < 3) {
                assertTrue(process.isAlive(), Files.readString(folder.resolve("errors")));
                assertTrue(System.nanoTime() < deadlineNs, "no step within " + PATIENCE_SECONDS + " s");
                Thread.sleep(20);
            }
            CommandRun resumed = CommandRun.scape("resume", out.toString());
            assertEquals(2, resumed.status(), resumed.errors());
            assertTrue(resumed.errors().contains(out + " is in use by a run that is under way"), resumed.errors());
            CommandRun second = CommandRun.of("--out", out.toString());
            assertEquals(2, second.status(), second.errors());
            assertTrue(second.errors().contains("--out=" + out + " is in use by a run"), second.errors());
            assertTrue(process.isAlive(), "the first run goes on");
        } finally {
            process.destroyForcibly().waitFor();
        }
        CommandRun after = CommandRun.of("--out", out.toString());
        assertTrue(after.errors().contains("is not empty"), after.errors());
    }

    @Test
    void shouldRefuseWhatIsNoStoppedRunWithOneSentence() throws IOException {
        CommandRun missing = CommandRun.of("--resume", folder.resolve("none").toString());
        assertEquals(2, missing.status());
        assertTrue(missing.errors().contains("has no config.json"), missing.errors());
        CommandRun more = CommandRun.of("--resume", folder.toString(), "--steps", "9");
        assertEquals(2, more.status());
        assertTrue(more.errors().contains("with --steps 9 (expected: no other option but --quiet)"), more.errors());
        Files.writeString(folder.resolve("config.json"), "{}");
        CommandRun unknown = CommandRun.of("--resume", folder.toString());
        assertEquals(2, unknown.status());
        assertTrue(unknown.errors().contains("does not say how the run began"), unknown.errors());
    }

    /**
     * What the metrics say of every step and validation. In the step after a start ranks agree once more, and the mask before
     * it is not known, so that nothing can be said of the overlap.
     */
    private static List<String> steps(Path out) throws IOException {
        return Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll("\"(controlBytes|maskOverlap)\":[0-9.E-]+", ""))
                .toList();
    }

    private static long lines(Path metrics) throws IOException {
        return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
    }
}
