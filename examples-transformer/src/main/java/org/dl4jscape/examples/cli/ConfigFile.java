package org.dl4jscape.examples.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A YAML file of options, {@code steps: 800} for {@code --steps 800}. What is typed wins over what the file says; a list stands for
 * an option that is given several times; {@code look-ahead: false} for {@code --no-look-ahead}.
 */
final class ConfigFile {
    private static final String OPTION = "--config";

    private ConfigFile() {}

    /**
     * Puts the file's options in the place of {@code --config FILE}.
     *
     * @param arguments as typed
     * @param command whose options the keys name
     * @throws IllegalArgumentException when the file cannot be read or has a key that is no option
     */
    static List<String> expand(List<String> arguments, CommandSpec command) {
        List<String> rest = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith(OPTION + "=")) {
                files.add(Path.of(argument.substring(OPTION.length() + 1)));
            } else if (argument.equals(OPTION) && i + 1 < arguments.size()) {
                files.add(Path.of(arguments.get(++i)));
            } else {
                rest.add(argument);
            }
        }
        List<String> all = new ArrayList<>();
        for (Path file : files) {
            read(file).forEach((key, value) -> add(file, key, value, command, rest, all));
        }
        all.addAll(rest);
        return all;
    }

    private static Map<String, Object> read(Path file) {
        try {
            if (Files.size(file) == 0) {
                return Map.of();
            }
            return new ObjectMapper(new YAMLFactory()).readValue(file.toFile(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    OPTION + "=" + file + " is no YAML file of options ("
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + "); write one option a line, such as"
                            + " steps: 800",
                    e);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new IllegalArgumentException(
                    OPTION + "=" + file + " cannot be read (there is no such file); give an existing YAML file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    OPTION + "=" + file + " cannot be read (" + e.getMessage() + "); give an existing YAML file", e);
        }
    }

    private static void add(
            Path file, String key, @Nullable Object value, CommandSpec command, List<String> typed, List<String> into) {
        OptionSpec option = find(file, key, command);
        boolean overruled = typed.stream().anyMatch(argument -> Scape.names(option, command).stream()
                .anyMatch(name -> argument.equals(name) || argument.startsWith(name + "=")));
        if (overruled) {
            return;
        }
        boolean flag = option.typeInfo().isBoolean();
        if (flag && !(value instanceof Boolean)) {
            throw new IllegalArgumentException(
                    OPTION + "=" + file + ": " + key + "=" + value + " (expected: true or false)");
        }
        if (flag) {
            boolean on = Boolean.TRUE.equals(value);
            if (on || option.negatable()) {
                into.add((on ? "--" : "--no-") + key);
            }
            return;
        }
        List<?> values = value instanceof List<?> list
                ? list
                : value instanceof Map<?, ?> map
                        ? map.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList()
                        : List.of(value == null ? "" : value);
        values.forEach(each -> into.add("--" + key + "=" + each));
    }

    private static OptionSpec find(Path file, String key, CommandSpec command) {
        List<String> known = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            String name = option.longestName().replaceFirst("^--", "");
            if (option.longestName().equals(OPTION) || option.usageHelp() || option.versionHelp()) {
                continue;
            }
            if (name.equals(key)) {
                return option;
            }
            known.add(name);
        }
        throw new IllegalArgumentException(OPTION + "=" + file + ": " + key + " is no option of "
                + command.name().toLowerCase(Locale.ROOT) + NearestMatch.hint(key, known));
    }
}
