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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user runs it: real Spark, real Aeron, real network, small texts. */
@Tag("spark")
class PretrainTest {
    private static final int STEPS = 30;

    @TempDir
    static Path folder;

    private static JsonNode standard;

    @BeforeAll
    static void runWithDefaults() {
        standard = run("standard");
    }

    private static JsonNode run(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--data",
                CommandRun.text(folder, "training.txt", 4000).toString(),
                "--validation",
                CommandRun.text(folder, "validation.txt", 500).toString(),
                "--steps",
                String.valueOf(STEPS),
                "--batch",
                "4",
                "--eval-every",
                "12",
                "--quiet",
                "--out",
                folder.resolve(name).toString()));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--seed")) {
            arguments.addAll(List.of("--seed", "7"));
        }
        CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
        assertEquals(0, run.status(), run.errors());
        return CommandRun.json(folder.resolve(name).resolve("result.json"));
    }

    private static void assertSameBits(JsonNode other) {
        assertEquals(
                standard.get("parametersSha256").asText(),
                other.get("parametersSha256").asText());
        assertEquals(
                standard.get("validationLoss").asDouble(),
                other.get("validationLoss").asDouble());
    }

    @Test
    void shouldRunOnSparkOverAeronWithNinetyNinePercentSparsity() {
        assertEquals("spark", standard.get("engine").asText());
        assertEquals("aeron", standard.get("transport").asText());
        assertEquals(0.01, standard.get("density").asDouble());
        assertEquals(2, standard.get("worldSize").asInt());
        assertEquals(STEPS, standard.get("steps").asInt());
        assertEquals(STEPS * 2 * 4 * 64, standard.get("tokens").asInt());
        assertTrue(standard.get("replicasIdentical").asBoolean());
    }

    @Test
    void shouldLearnAndSendFewBytes() {
        double first = standard.get("initialValidationLoss").asDouble();
        double last = standard.get("validationLoss").asDouble();
        assertTrue(last < first - 0.5, first + " -> " + last);
        JsonNode sent = standard.get("bytesSentPerStep");
        double all = sent.get("values").asDouble()
                + sent.get("mask").asDouble()
                + sent.get("control").asDouble();
        double dense = standard.get("denseBytesPerStep").asDouble();
        assertEquals(4.0 * standard.get("parameters").asInt(), dense, "2(N-1)/N * 4d for two ranks");
        assertEquals(all / dense, standard.get("bytesRatio").asDouble(), 1e-12);
        // Heartbeats are sent by time, so a loaded machine sends more control bytes a step.
        double exchanged = sent.get("values").asDouble() + sent.get("mask").asDouble();
        assertTrue(exchanged / dense < 0.02, standard.toPrettyString());
    }

    @Test
    void shouldWriteEveryFileAndOneLineAStep() throws IOException {
        for (String name : List.of("config.json", "model.zip", "loss.png", "bytes.png")) {
            assertTrue(Files.size(folder.resolve("standard").resolve(name)) > 0, name);
        }
        List<String> lines = Files.readAllLines(folder.resolve("standard").resolve("metrics.jsonl"));
        assertEquals(
                STEPS, lines.stream().filter(line -> line.contains("\"loss\"")).count());
        assertEquals(
                3,
                lines.stream().filter(line -> line.contains("validationLoss")).count());
        assertFalse(Files.exists(folder.resolve("standard").resolve("result.json.partial")));
    }

    @Test
    void shouldGiveTheSameBitsTwice() {
        assertSameBits(run("again"));
    }

    @Test
    void shouldGiveTheSameBitsOverTheInProcessTransport() {
        assertSameBits(run("inprocess", "--transport", "inprocess"));
    }

    @Test
    void shouldGiveTheSameBitsOnThreads() {
        assertSameBits(run("jvm", "--engine", "jvm"));
    }

    @Test
    void shouldGiveTheSameBitsWithReferenceKernels() {
        assertSameBits(run("reference", "--engine", "jvm", "--kernels", "reference"));
    }

    @Test
    void shouldGiveTheSameBitsWithTheLoopsOfTheOps() {
        assertSameBits(run("nd4j", "--engine", "jvm", "--kernels", "nd4j"));
    }

    @Test
    void shouldGiveOtherBitsWithAnotherSeed() {
        JsonNode other = run("seed", "--engine", "jvm", "--transport", "inprocess", "--seed", "8");
        assertFalse(standard.get("parametersSha256").equals(other.get("parametersSha256")));
    }

    @Test
    void shouldTrainDenseAsAtDensityOne() {
        JsonNode dense = run("dense", "--engine", "jvm", "--transport", "inprocess", "--exchange", "dense");
        JsonNode one = run("one", "--engine", "jvm", "--transport", "inprocess", "--density", "1");
        assertEquals(dense.get("parametersSha256"), one.get("parametersSha256"));
    }

    @Test
    void shouldReportTheSentenceOfAFailedRank() {
        for (String engine : List.of("spark", "jvm")) {
            Path out = folder.resolve("failed-" + engine);
            CommandRun failed = CommandRun.of(
                    "--engine",
                    engine,
                    "--learning-rate",
                    "1e30",
                    "--steps",
                    "20",
                    "--batch",
                    "1",
                    "--quiet",
                    "--data",
                    CommandRun.text(folder, "training.txt", 4000).toString(),
                    "--validation",
                    CommandRun.text(folder, "validation.txt", 500).toString(),
                    "--out",
                    out.toString());
            assertEquals(1, failed.status(), failed.errors());
            assertEquals(1, failed.errors().lines().count(), failed.errors());
            assertTrue(failed.errors().contains("that are NaN or infinite in step "), failed.errors());
            assertFalse(Files.exists(out.resolve("result.json")));
        }
    }
}
