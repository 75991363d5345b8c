package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a text to a file of tokens, to a model, to text. */
@Tag("spark")
class PreparedRunTest {
    @TempDir
    Path folder;

    private Path tokens(String kind) throws IOException {
        Path text = CommandRun.text(folder, "text.txt", 6000);
        Files.writeString(text, Files.readString(text).replace("letter ", "letter\n\n"));
        Path out = folder.resolve(kind + ".tokens");
        CommandRun made = CommandRun.scape(
                "prepare", text.toString(), "--tokens", kind, "--out", out.toString(), "--validation-fraction", "0.2");
        assertEquals(0, made.status(), made.errors());
        assertTrue(made.output().contains(" documents, "), made.output());
        return out;
    }

    private void train(Path run, Path data, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--steps",
                "8",
                "--batch",
                "1",
                "--quiet",
                "--transport",
                "inprocess",
                "--data",
                data.toString(),
                "--out",
                run.toString()));
        all.addAll(List.of(more));
        CommandRun trained = CommandRun.of(all.toArray(String[]::new));
        assertEquals(0, trained.status(), trained.errors());
    }

    @Test
    void shouldTrainOnSparkAndOnThreadsWithTheSameBits() throws IOException {
        Path data = tokens("characters");
        train(folder.resolve("spark"), data);
        train(folder.resolve("jvm"), data, "--engine", "jvm");
        assertEquals(
                CommandRun.json(folder.resolve("spark/result.json")).get("parametersSha256"),
                CommandRun.json(folder.resolve("jvm/result.json")).get("parametersSha256"));
    }

    @Test
    void shouldTrainEvaluateAndGenerateWithEveryKindOfToken() throws IOException {
        for (String kind : List.of("bytes", "r50k_base")) {
            Path data = tokens(kind);
            Path run = folder.resolve("run-" + kind);
            train(run, data, "--engine", "jvm", "--preset", "llama-nano", "--ranks", "1");
            CommandRun measured = CommandRun.scape("evaluate", run.toString(), "--windows", "8");
            assertEquals(0, measured.status(), measured.errors());
            CommandRun made = CommandRun.scape("generate", run.toString(), "--tokens", "5", "--prompt", "the sea");
            assertEquals(0, made.status(), made.errors());
            assertTrue(made.output().startsWith("the sea"), made.output());
            CommandRun foreign = CommandRun.scape(
                    "evaluate",
                    run.toString(),
                    "--validation",
                    tokens("characters").toString());
            assertEquals(2, foreign.status());
            assertTrue(foreign.errors().contains("has another vocabulary than the model"), foreign.errors());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tokens word          | --tokens=word (expected: one of characters, bytes, r50k_base)
            --tokens byte          | did you mean bytes?
            --validation-fraction 1 | --validation-fraction=1.0 (expected: 0 < validation-fraction < 1)
            --out /nowhere/x       | --out=/nowhere/x cannot be written
            --seed x               | Invalid value for option '--seed'
            """)
    void shouldRefuseBadOptions(String options, String message) {
        List<String> all = new ArrayList<>(
                List.of("prepare", CommandRun.text(folder, "a.txt", 10).toString()));
        all.addAll(List.of(options.split(" ")));
        if (!options.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("x").toString()));
        }
        CommandRun run = CommandRun.scape(all.toArray(String[]::new));
        assertEquals(2, run.status(), run.errors());
        assertTrue(run.errors().contains(message), run.errors());
    }

    @Test
    void shouldRefuseADamagedFileBeforeTraining() throws IOException {
        Path data = tokens("characters");
        byte[] bytes = Files.readAllBytes(data);
        Files.write(data, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        Path out = folder.resolve("run");
        CommandRun run = CommandRun.of("--data", data.toString(), "--out", out.toString());
        assertEquals(2, run.status());
        assertTrue(
                run.errors().contains("--data=" + data + " is truncated: " + (bytes.length - 5) + " bytes"),
                run.errors());
        assertTrue(Files.notExists(out), "nothing may be written");
    }
}
