package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine;

/**
 * The command, run in this JVM.
 *
 * @param status exit status
 * @param output what it printed to standard output by way of picocli
 * @param errors what it printed to standard error
 */
record CommandRun(int status, String output, String errors) {
    /** {@code pretrain}. */
    static CommandRun of(String... arguments) {
        return of(Pretrain.commandLine(), arguments);
    }

    /** {@code scape} with one of its commands. */
    static CommandRun scape(String... arguments) {
        return of(Scape.commandLine(), arguments);
    }

    private static CommandRun of(CommandLine command, String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(errors, true));
        int status = Scape.execute(command, List.of(arguments));
        return new CommandRun(status, output.toString(), errors.toString());
    }

    /**
     * {@code scape} in a process of its own, with the class path and opened packages of this one.
     *
     * @param folder receives what it prints, in the files {@code output} and {@code errors}
     * @param launcher what starts the JVM, such as {@code env}; may be empty
     */
    static Process start(Path folder, List<String> launcher, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Scape.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
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
