package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jscape.examples.report.ComparisonReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Command {@code scape compare}: the same model, data and tokens under several exchanges and seeds, side by side in one report. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Trains the same model on the same data under several exchanges and seeds, and writes report.html. Called again,"
                        + " it goes on with what is unfinished.",
        footer = {
            "",
            "Examples:",
            "  scape compare --steps 800 --out runs/compare        some twenty minutes on two cores",
            "  scape compare --arms dense,look-ahead-99,none-99 --seeds 1 --link-gbit 0.1",
        })
public final class Compare implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--arms",
            split = ",",
            defaultValue = "dense,look-ahead-90,look-ahead-99,closed-form-99,capped-99,none-99",
            description =
                    "What to compare: dense, or look-ahead, closed-form, capped or none with the sparsity in percent."
                            + " Default: ${DEFAULT-VALUE}")
    private List<String> arms = new ArrayList<>();

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1,2,3",
            description = "Of weights and data; each arm runs once with each. Default: ${DEFAULT-VALUE}")
    private List<Long> seeds = new ArrayList<>();

    @Option(names = "--preset", defaultValue = "small", description = "The model. Default: ${DEFAULT-VALUE}")
    private String preset = "small";

    @Option(names = "--ranks", defaultValue = "2", description = "Number of ranks. Default: ${DEFAULT-VALUE}")
    private int ranks = 2;

    @Option(names = "--steps", defaultValue = "800", description = "Number of updates. Default: ${DEFAULT-VALUE}")
    private int steps = 800;

    @Option(names = "--batch", defaultValue = "16", description = "Windows a rank and step. Default: ${DEFAULT-VALUE}")
    private int batch = 16;

    @Option(names = "--learning-rate", defaultValue = "0.004", description = "Of every arm. Default: ${DEFAULT-VALUE}")
    private double learningRate = 0.004;

    @Option(names = "--eval-every", description = "Steps between validations. Default: an eighth of all")
    private @Nullable Integer evalEvery;

    @Option(names = "--data", arity = "1..*", description = "As of pretrain. Default: five novels by Jane Austen")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--validation", description = "As of pretrain. Default: Persuasion")
    private @Nullable Path validation;

    @Option(
            names = "--link-gbit",
            defaultValue = "1",
            description = "Speed of the link that the report counts times with, in Gbit/s. Default: ${DEFAULT-VALUE}")
    private double linkGbit = 1;

    @Option(
            names = "--out",
            description = "Folder of the comparison; one that is unfinished goes on. Default:" + " runs/compare-<time>")
    private @Nullable Path out;

    @Option(names = "--config", paramLabel = "FILE.yaml", description = "Options from a file")
    @Nullable
    Path configFile;

    /** Called by picocli. */
    public Compare() {}

    @Override
    public Integer call() throws IOException {
        List<Arm> chosen = arms.stream().distinct().map(Arm::of).toList();
        if (seeds.isEmpty() || chosen.isEmpty()) {
            throw new IllegalArgumentException("--arms or --seeds is empty (expected: at least one of each)");
        }
        Path wanted = out;
        Path folder = wanted != null
                ? wanted
                : Path.of("runs", "compare-" + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
        for (Arm arm : chosen) {
            options(arm, seeds.get(0), folder).check();
        }
        Map<String, Object> settings = settings(chosen);
        begin(folder, settings);
        int of = chosen.size() * seeds.size();
        int number = 0;
        for (long seed : seeds) {
            for (Arm arm : chosen) {
                number++;
                int status = train(arm, seed, folder, "run " + number + " of " + of + ": ");
                if (status != 0) {
                    say("compare: stopped; go on with the same command and --out " + folder);
                    return status;
                }
            }
        }
        Path report = ComparisonReport.of(folder).write();
        say("report in " + report);
        return 0;
    }

    private void say(String text) {
        CommandSpec shown = spec;
        if (shown != null) {
            shown.commandLine().getOut().println(text);
            shown.commandLine().getOut().flush();
        }
    }

    private int train(Arm arm, long seed, Path folder, String head) throws IOException {
        Path run = folder.resolve(arm.name() + "-seed" + seed);
        String name = head + arm.name() + ", seed " + seed;
        if (Files.exists(run.resolve("result.json"))) {
            say(name + ": finished before");
            return 0;
        }
        boolean begun = Files.exists(run.resolve("config.json"));
        say(name + (begun ? ": goes on" : ""));
        if (!begun) {
            RunFolder.forgetFalseStart(run);
        }
        PretrainOptions options = begun ? StoppedRun.options(run.toString(), run, true) : options(arm, seed, run);
        return new Launch(begun ? run.toString() : "", options, text -> {}).run();
    }

    private PretrainOptions options(Arm arm, long seed, Path run) {
        List<String> arguments = new ArrayList<>(List.of(
                "--preset=" + preset,
                "--engine=jvm",
                "--transport=inprocess",
                "--ranks=" + ranks,
                "--steps=" + steps,
                "--batch=" + batch,
                "--learning-rate=" + learningRate,
                "--eval-every=" + evalEvery(),
                "--link-gbit=" + linkGbit,
                "--seed=" + seed,
                "--quiet",
                "--out=" + run));
        arguments.addAll(arm.arguments());
        data.forEach(file -> arguments.add("--data=" + file));
        Path held = validation;
        if (held != null) {
            arguments.add("--validation=" + held);
        }
        PretrainOptions options = new PretrainOptions();
        new CommandLine(options).parseArgs(arguments.toArray(String[]::new));
        options.arguments = arguments;
        return options;
    }

    private int evalEvery() {
        Integer given = evalEvery;
        return given == null ? Math.max(1, steps / 8) : given;
    }

    private Map<String, Object> settings(List<Arm> chosen) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("arms", chosen.stream().map(Arm::name).toList());
        map.put("seeds", seeds);
        map.put("preset", preset);
        map.put("ranks", ranks);
        map.put("steps", steps);
        map.put("batch", batch);
        map.put("learningRate", learningRate);
        map.put("evalEvery", evalEvery());
        map.put("data", data.isEmpty() ? "five novels by Jane Austen" : data.toString());
        map.put(
                "validation",
                validation == null ? (data.isEmpty() ? "Persuasion" : "of the data") : validation.toString());
        map.put("linkGbit", linkGbit);
        return map;
    }

    /** Writes the settings, or compares them with those that the folder began with. */
    private void begin(Path folder, Map<String, Object> settings) throws IOException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Path file = folder.resolve(ComparisonReport.SETTINGS);
        if (!Files.exists(file)) {
            if (Files.isDirectory(folder)) {
                try (var content = Files.list(folder)) {
                    if (content.findAny().isPresent()) {
                        throw new IllegalArgumentException("--out=" + folder + " is not empty and no comparison"
                                + " (expected: a new folder, or one of scape compare); give another one");
                    }
                }
            }
            Files.createDirectories(folder);
            Map<String, Object> all = new LinkedHashMap<>(settings);
            all.put("command", "scape compare " + String.join(" ", Scape.given(spec)));
            Files.writeString(file, json.writeValueAsString(all) + "\n");
            return;
        }
        JsonNode before = json.readTree(file.toFile());
        JsonNode now = json.readTree(json.writeValueAsString(settings));
        for (String name : settings.keySet()) {
            if (!before.path(name).equals(now.path(name)) && !name.equals("linkGbit")) {
                throw new IllegalArgumentException("--out=" + folder + " is a comparison with " + name + "="
                        + before.path(name) + ", now " + now.path(name)
                        + " (expected: the same settings); give them, or another folder");
            }
        }
    }
}
