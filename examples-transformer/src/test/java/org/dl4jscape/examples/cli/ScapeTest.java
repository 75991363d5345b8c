package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: help, completion, options from a file, and what it says to a typing error. */
class ScapeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pretrian                   | scape: Unmatched argument at index 0: 'pretrian'; did you mean pretrain?
            pretrain --dencity 0.1     | did you mean --density?; see scape pretrain --help
            pretrain --no-lookahead    | did you mean --no-look-ahead?
            pretrain --steps=3 --sed=4 | did you mean --seed?
            pretrain --engine sprak    | --engine=sprak (expected: one of spark, jvm); did you mean spark?
            generate --temprature 1 x  | did you mean --temperature?; see scape generate --help
            resume                     | resume: Missing required parameter: 'DIR'; see scape resume --help
            generate nowhere           | generate: nowhere is no folder (expected: that of a finished run)
            generate --top-k -1 x      | generate: --top-k=-1 (expected: >= 0)
            generate --temperature NaN x | --temperature=NaN (expected: finite and >= 0)
            generate --tokens 0 x      | --tokens=0 (expected: >= 1)
            evaluate --windows 0 x     | evaluate: --windows=0 (expected: >= 1)
            resume nowhere             | resume: nowhere has no config.json; give the folder of a run
            """)
    void shouldSayWhatWasMeant(String arguments, String message) {
        CommandRun run = CommandRun.scape(arguments.split(" "));
        assertEquals(2, run.status(), run.errors());
        assertEquals(1, run.errors().lines().count(), run.errors());
        assertTrue(run.errors().contains(message), run.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain", "resume", "evaluate", "generate", "doctor"})
    void shouldHelpWithAnExample(String command) {
        CommandRun run = CommandRun.scape(command, "--help");
        assertEquals(0, run.status());
        assertTrue(run.output().contains("Example"), run.output());
        assertTrue(CommandRun.scape("--help").output().contains("  " + command + " "));
    }

    @Test
    void shouldPrintACompletionScriptThatKnowsCommandsAndOptions() {
        String script = CommandRun.scape("generate-completion").output();
        for (String name :
                List.of("pretrain", "generate", "--density", "--temperature", "complete -F _complete_scape")) {
            assertTrue(script.contains(name), name);
        }
    }

    @Test
    void shouldExamineTheMachine() {
        CommandRun run = CommandRun.scape("doctor", "--ranks", "1", "--bind-address", "192.0.2.1");
        assertEquals(1, run.status(), run.output());
        assertTrue(run.output().contains("transport aeron"), run.output());
        assertTrue(run.output().contains("bindAddress=192.0.2.1 cannot be bound"), run.output());
        assertEquals(2, CommandRun.scape("doctor", "--ranks", "0").status());
    }

    private String refused(String yaml, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), yaml);
        List<String> arguments = new java.util.ArrayList<>(List.of("pretrain", "--config", file.toString()));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.scape(arguments.toArray(String[]::new));
        assertEquals(2, run.status(), run.errors());
        return run.errors();
    }

    @Test
    void shouldTakeOptionsFromAFile() throws IOException {
        String errors = refused("steps: 30\ndensity: 1.5\nquiet: true\nlook-ahead: false\n");
        assertTrue(errors.contains("--density=1.5 (expected: 0 < density <= 1)"), errors);
        String list = refused("data: [one.txt, two.txt]\ntransport-property: {mtu: 9}\n");
        assertTrue(list.contains("--data without --validation"), list);
    }

    @Test
    void shouldPreferWhatIsTyped() throws IOException {
        String errors = refused("ranks: 0\nlook-ahead: true\n", "--ranks=65", "--no-look-ahead");
        assertTrue(errors.contains("--ranks=65 (expected: 1 <= ranks <= 64)"), errors);
    }

    @Test
    void shouldRefuseAFileThatSaysWhatThereIsNot() throws IOException {
        String unknown = refused("stpes: 3\n");
        assertTrue(unknown.contains("run.yaml: stpes is no option of pretrain; did you mean steps?"), unknown);
        String flag = refused("quiet: 3\n");
        assertTrue(flag.contains("quiet=3 (expected: true or false)"), flag);
        String broken = refused("steps: [3\n");
        assertTrue(broken.contains("is no YAML file of options"), broken);
        CommandRun missing = CommandRun.scape("pretrain", "--config=" + folder.resolve("none.yaml"));
        assertTrue(missing.errors().contains("none.yaml cannot be read (there is no such file)"), missing.errors());
    }
}
