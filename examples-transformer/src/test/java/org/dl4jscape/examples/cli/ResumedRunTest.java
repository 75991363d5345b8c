package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose process is killed at a random step, and one that goes on from its folder. */
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
    @ValueSource(strings = {"spark", "jvm"})
    void shouldEndWithTheSameBitsAfterKillAtARandomStep(String engine) throws Exception {
        long seed = System.nanoTime();
        int killAfter = 1 + new Random(seed).nextInt(STEPS - 10);
        String name = "seed " + seed + ", killed after step " + killAfter;
        Path whole = folder.resolve("whole");
        assertEquals(
                0, CommandRun.of(arguments("jvm", whole).toArray(String[]::new)).status());
        Path out = folder.resolve("stopped");
        Process process = CommandRun.start(folder, List.of(), arguments(engine, out));
        try {
            Path metrics = out.resolve("metrics.jsonl");
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (lines(metrics) < killAfter) {
                assertTrue(process.isAlive(), name + ": ended early, " + Files.readString(folder.resolve("errors")));
                assertTrue(System.nanoTime() < deadlineNs, name + ": not reached within " + PATIENCE_SECONDS + " s");
                Thread.sleep(5);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertFalse(Files.exists(out.resolve("result.json")), name + ": the kill must come before the end");

        CommandRun resumed = CommandRun.of("--resume", out.toString(), "--quiet");

        assertEquals(0, resumed.status(), name + resumed.errors());
        JsonNode expected = CommandRun.json(whole.resolve("result.json"));
        JsonNode result = CommandRun.json(out.resolve("result.json"));
        for (String field : List.of("parametersSha256", "validationLoss", "initialValidationLoss", "steps", "tokens")) {
            assertEquals(expected.get(field), result.get(field), name + ": " + field);
        }
        assertEquals(steps(whole), steps(out), name);
        CommandRun again = CommandRun.of("--resume", out.toString());
        assertEquals(2, again.status());
        assertTrue(again.errors().contains("is finished"), again.errors());
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
