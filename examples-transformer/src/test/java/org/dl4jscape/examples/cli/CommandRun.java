package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import picocli.CommandLine;

/**
 * The command, run in this JVM.
 *
 * @param status exit status
 * @param errors what it printed to standard error
 */
record CommandRun(int status, String errors) {
    static CommandRun of(String... arguments) {
        StringWriter errors = new StringWriter();
        CommandLine command = Pretrain.commandLine();
        command.setErr(new PrintWriter(errors, true));
        int status = command.execute(arguments);
        return new CommandRun(status, errors.toString());
    }

    /** A text that a model can learn something from: words of a small vocabulary in random order. */
    static Path text(Path folder, String name, int words) {
        String[] vocabulary = {"emma", "anne", "said", "the", "sea", "walk", "and", "letter"};
        SplittableRandom random = new SplittableRandom(words);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(vocabulary[random.nextInt(vocabulary.length)]).append(' ');
        }
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
