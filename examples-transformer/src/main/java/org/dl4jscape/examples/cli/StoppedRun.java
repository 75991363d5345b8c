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

    /**
     * Reads them.
     *
     * @param folder of the run
     * @param given what the user typed now; only {@code --quiet} may stand beside {@code --resume}
     * @throws IllegalArgumentException when the folder is not one of a stopped run, or options were given anew
     */
    static PretrainOptions options(Path folder, List<String> given) {
        List<String> more = new ArrayList<>(given);
        more.removeIf(argument ->
                argument.equals("--quiet") || argument.startsWith("--resume") || argument.equals(folder.toString()));
        if (!more.isEmpty()) {
            throw new IllegalArgumentException("--resume=" + folder + " with " + String.join(" ", more)
                    + " (expected: no other option but --quiet); a run goes on with the options it began with");
        }
        if (Files.exists(folder.resolve("result.json"))) {
            throw new IllegalArgumentException("--resume=" + folder
                    + " is finished: it has result.json (expected: a run that was stopped); start a new one");
        }
        PretrainOptions options = new PretrainOptions();
        options.arguments = arguments(folder);
        new CommandLine(options).parseArgs(options.arguments.toArray(String[]::new));
        options.resume = folder;
        options.out = folder;
        options.quiet |= given.contains("--quiet");
        return options;
    }

    private static List<String> arguments(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            JsonNode saved = new ObjectMapper().readTree(file.toFile()).path("arguments");
            if (saved.isArray()) {
                List<String> arguments = new ArrayList<>();
                saved.forEach(argument -> arguments.add(argument.asText()));
                return arguments;
            }
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException(
                    "--resume=" + folder + " has no config.json; give the folder of a run that was stopped", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--resume=" + folder + " has a config.json that cannot be read (" + e
                            + "); give the folder of a run that was stopped",
                    e);
        }
        throw new IllegalArgumentException(
                "--resume=" + folder + ": " + file + " does not say how the run began; start a new one");
    }
}
