package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The options of a run that was stopped, as its folder has them. */
final class StoppedRun {
    private StoppedRun() {}

    /** Refuses other options beside {@code --resume}, {@code --quiet} excepted. */
    static void requireAlone(Path folder, List<String> given) {
        List<String> more = new ArrayList<>(given);
        more.removeIf(argument ->
                argument.equals("--quiet") || argument.startsWith("--resume") || argument.equals(folder.toString()));
        if (!more.isEmpty()) {
            throw new IllegalArgumentException("--resume=" + folder + " with " + String.join(" ", more)
                    + " (expected: no other option but --quiet); a run goes on with the options it began with");
        }
    }

    /**
     * Reads them.
     *
     * @param what how the user named the folder
     * @param folder of the run
     * @param quiet whether the user wants to see less now
     * @throws IllegalArgumentException when the folder is not one of a stopped run
     */
    static PretrainOptions options(String what, Path folder, boolean quiet) {
        if (Files.exists(folder.resolve("result.json"))) {
            throw new IllegalArgumentException(
                    what + " is finished: it has result.json (expected: a run that was stopped); start a new one");
        }
        PretrainOptions options = began(what, folder);
        options.resume = folder;
        options.out = folder;
        options.quiet |= quiet;
        return options;
    }

    /**
     * The options that a run began with, finished or not.
     *
     * @throws IllegalArgumentException when the folder is not one of a run
     */
    static PretrainOptions began(String what, Path folder) {
        PretrainOptions options = new PretrainOptions();
        options.arguments = arguments(what, folder);
        new CommandLine(options).parseArgs(options.arguments.toArray(String[]::new));
        return options;
    }

    private static List<String> arguments(String what, Path folder) {
        Path file = folder.resolve("config.json");
        try {
            JsonNode saved = new ObjectMapper().readTree(file.toFile()).path("arguments");
            if (saved.isArray()) {
                List<String> arguments = new ArrayList<>();
                saved.forEach(argument -> arguments.add(argument.asText()));
                return arguments;
            }
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException(what + " has no config.json; give the folder of a run", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    what + " has a config.json that cannot be read (" + e + "); give the folder of a run", e);
        }
        throw new IllegalArgumentException(what + ": " + file + " does not say how the run began; start a new one");
    }
}
