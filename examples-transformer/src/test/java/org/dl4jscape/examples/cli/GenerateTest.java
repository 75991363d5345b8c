package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a finished run is good for: text by its model, and its loss. */
@Tag("multi-jvm")
class GenerateTest {
    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        CommandRun trained = CommandRun.of(
                "--engine",
                "jvm",
                "--transport",
                "inprocess",
                "--steps",
                "40",
                "--batch",
                "4",
                "--quiet",
                "--out",
                run.toString(),
                "--data",
                CommandRun.text(folder, "training.txt", 4000).toString(),
                "--validation",
                CommandRun.text(folder, "validation.txt", 500).toString());
        assertEquals(0, trained.status(), trained.errors());
    }

    private static String text(String... options) {
        List<String> all = new java.util.ArrayList<>(List.of("generate", run.toString(), "--tokens", "60"));
        all.addAll(List.of(options));
        CommandRun made = CommandRun.scape(all.toArray(String[]::new));
        assertEquals(0, made.status(), made.errors());
        return made.output();
    }

    @Test
    void shouldWriteTheSameTextForTheSameSeedInAFreshProcess() throws Exception {
        String here = text("--prompt", "said the ", "--seed", "5");
        assertTrue(here.startsWith("said the "), here);
        assertEquals(9 + 60 + System.lineSeparator().length(), here.length());
        Process process = CommandRun.start(
                folder,
                List.of(),
                List.of("generate", run.toString(), "--tokens", "60", "--prompt", "said the ", "--seed", "5"));
        try {
            assertTrue(process.waitFor(180, TimeUnit.SECONDS), "did not end");
            assertEquals(0, process.exitValue(), Files.readString(folder.resolve("errors")));
            assertEquals(here, Files.readString(folder.resolve("output")));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertNotEquals(here, text("--prompt", "said the ", "--seed", "6"));
    }

    @Test
    void shouldTakeTheLikeliestTokenAtTemperatureZeroWhateverTheSeed() {
        String greedy = text("--temperature", "0", "--seed", "1");
        assertEquals(greedy, text("--temperature", "0", "--seed", "2"));
        assertEquals(greedy, text("--top-k", "1", "--temperature", "1.5", "--seed", "3"));
        assertNotEquals(greedy, text("--temperature", "1.5", "--seed", "3"));
    }

    @Test
    void shouldSeeTheEndOfAPromptThatIsLongerThanTheContext() {
        String tail = "emma walk and the sea said anne letter walk sea emma and the sea ";
        assertEquals(65, tail.length(), "one more than the context, whose first letter is not seen");
        String after = text("--prompt", tail, "--temperature", "0").substring(tail.length());
        String longer = "letter and sea ".repeat(20) + tail;
        assertEquals(after, text("--prompt", longer, "--temperature", "0").substring(longer.length()));
    }

    @Test
    void shouldSayWhichCharactersItDoesNotKnow() {
        CommandRun made = CommandRun.scape("generate", run.toString(), "--tokens", "3", "--prompt", "Ωmma");
        assertEquals(0, made.status());
        assertTrue(made.errors().contains("1 characters of the prompt are none of the model's"), made.errors());
        assertTrue(made.output().startsWith("Ωmma"), made.output());
    }

    @Test
    void shouldMeasureTheLossThatTheRunEndedWith() {
        double expected = CommandRun.json(run.resolve("result.json"))
                .get("validationLoss")
                .asDouble();
        CommandRun measured = CommandRun.scape("evaluate", run.toString());
        assertEquals(0, measured.status(), measured.errors());
        String wanted = String.format(Locale.ROOT, "validation loss %.4f nats a character", expected);
        assertTrue(measured.output().startsWith(wanted), measured.output());
        CommandRun other = CommandRun.scape(
                "evaluate",
                run.toString(),
                "--validation",
                folder.resolve("training.txt").toString());
        assertFalse(other.output().startsWith(wanted), other.output());
    }

    @Test
    void shouldRefuseWhatIsNoFinishedRun() throws IOException {
        Path begun = Files.createDirectory(folder.resolve("begun"));
        Files.writeString(begun.resolve("config.json"), "{}");
        CommandRun unfinished = CommandRun.scape("generate", begun.toString());
        assertEquals(2, unfinished.status());
        assertTrue(unfinished.errors().contains("is not finished: it has no model.zip; go on with scape resume"));
        Path mixed = Files.createDirectory(folder.resolve("mixed"));
        Files.copy(run.resolve("model.zip"), mixed.resolve("model.zip"));
        Files.writeString(mixed.resolve("tokenizer.json"), "{\"kind\":\"bytes\"}");
        CommandRun foreign = CommandRun.scape("generate", mixed.toString());
        assertEquals(2, foreign.status());
        assertTrue(foreign.errors().contains("one of 256 (expected: the same)"), foreign.errors());
        Files.writeString(mixed.resolve("tokenizer.json"), "{\"kind\":\"runes\"}");
        assertTrue(CommandRun.scape("generate", mixed.toString())
                .errors()
                .contains("has a tokenizer of kind 'runes' (expected: one of characters, bytes, r50k_base)"));
    }
}
