package org.dl4jscape.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.examples.data.TokenFile;
import org.dl4jscape.examples.model.DecoderShape;
import org.dl4jscape.examples.model.Preset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user can say on the command line; checked as a whole by {@link #check()}. */
final class PretrainOptions {
    private static final int LONGEST_WARMUP = 100;

    /** Gains and biases of the norms travel whole: 0.6 % of the parameters, and most sensitive to delay. */
    private static final int SMALL_TENSOR = 65;

    /** Threads of one machine; more are not faster. */
    private static final int MOST_RANKS = 64;

    private static final int MOST_STEPS = 100_000_000;

    /** Windows of all ranks in a step: their activations take some 1 MiB each, and the heap has 2 GiB. */
    private static final int MOST_WINDOWS = 1024;

    @Option(
            names = "--preset",
            defaultValue = "small",
            description =
                    "The model: small, gpt-nano, gpt-micro, llama-nano, llama-500m; with --dry-run also gpt-124m, gpt-345m,"
                            + " llama-1.8b. Default: ${DEFAULT-VALUE}")
    String preset = "small";

    @Option(
            names = "--engine",
            defaultValue = "spark",
            description = "spark: ranks are tasks in local mode; jvm: threads. Default: ${DEFAULT-VALUE}")
    String engine = "spark";

    @Option(names = "--ranks", defaultValue = "2", description = "Number of ranks. Default: ${DEFAULT-VALUE}")
    int ranks = 2;

    @Option(names = "--exchange", defaultValue = "scape", description = "scape or dense. Default: ${DEFAULT-VALUE}")
    String exchange = "scape";

    @Option(names = "--density", description = "Fraction of the parameters that travel, in (0, 1]. Default: 0.01")
    @Nullable
    Double density;

    @Option(names = "--sparsity", description = "1 - density, in [0, 1): the other way to say it")
    @Nullable
    Double sparsity;

    @Option(
            names = "--catch-up",
            defaultValue = "closed-form",
            description = "none, capped or closed-form. Default: ${DEFAULT-VALUE}")
    String catchUp = "closed-form";

    @Option(
            names = "--catch-up-cap",
            description = "Largest multiple of one update, with --catch-up capped. Default: 32")
    @Nullable
    Integer catchUpCap;

    @Option(
            names = "--look-ahead",
            negatable = true,
            description = "Evaluate gradients where this rank's unsent part will lead. Default: with closed-form only")
    @Nullable
    Boolean lookAhead;

    @Option(
            names = "--transport",
            defaultValue = "aeron",
            description = "aeron (UDP), ipc, mixed, tcp or inprocess. Default: ${DEFAULT-VALUE}")
    String transport = "aeron";

    @Option(
            names = "--transport-property",
            description = "NAME=VALUE: a setting of the transport, such as termBufferLength=256k; may be given again")
    Map<String, String> transportProperties = new TreeMap<>();

    @Option(
            names = "--kernels",
            defaultValue = "auto",
            description = "auto, reference, vector, nd4j or cuda. Default: ${DEFAULT-VALUE}")
    String kernels = "auto";

    @Option(names = "--steps", defaultValue = "4800", description = "Number of updates. Default: ${DEFAULT-VALUE}")
    int steps = 4800;

    @Option(names = "--batch", defaultValue = "16", description = "Windows a rank and step. Default: ${DEFAULT-VALUE}")
    int batch = 16;

    @Option(names = "--seed", defaultValue = "1", description = "Of weights and data. Default: ${DEFAULT-VALUE}")
    long seed = 1;

    @Option(names = "--learning-rate", defaultValue = "0.004", description = "Its peak. Default: ${DEFAULT-VALUE}")
    double learningRate = 0.004;

    @Option(
            names = "--data",
            arity = "1..*",
            description = "Text files to train on. Default: five novels by Jane Austen")
    List<Path> data = new ArrayList<>();

    @Option(names = "--validation", description = "Text file to validate on. Default: Persuasion")
    @Nullable
    Path validation;

    @Option(names = "--out", description = "Folder for results, new or empty. Default: runs/<time>")
    @Nullable
    Path out;

    @Option(
            names = "--eval-every",
            defaultValue = "600",
            description = "Steps between validations. Default: ${DEFAULT-VALUE}")
    int evalEvery = 600;

    @Option(
            names = "--checkpoint-every",
            defaultValue = "200",
            description = "Steps between checkpoints, kept in the folder of results. Default: ${DEFAULT-VALUE}")
    int checkpointEvery = 200;

    @Option(names = "--resume", description = "Folder of a run that was stopped: go on, as scape resume does")
    @Nullable
    Path resume;

    @Option(names = "--dry-run", description = "Only say what the training would take, by formulas")
    boolean dryRun;

    @Option(
            names = "--link-gbit",
            defaultValue = "1",
            description = "Speed of the link that --dry-run counts with, in Gbit/s. Default: ${DEFAULT-VALUE}")
    double linkGbit = 1;

    @Option(
            names = "--device-tflops",
            description =
                    "Speed of a rank that --dry-run counts with, in 10^12 operations a second. Default: one core, as measured")
    @Nullable
    Double deviceTflops;

    @Option(
            names = "--config",
            paramLabel = "FILE.yaml",
            description = "Options from a file: steps: 800 for --steps 800")
    @Nullable
    Path configFile;

    @Option(names = "--quiet", description = "Only warnings and the result")
    boolean quiet;

    /** What the user typed. */
    List<String> arguments = List.of();

    /** Refuses what is out of range or contradictory; nothing has been started yet. */
    void check() {
        oneOf("--preset", preset, Preset.labels());
        oneOf("--engine", engine, List.of("spark", "jvm"));
        oneOf("--exchange", exchange, List.of("scape", "dense"));
        oneOf("--catch-up", catchUp, List.of("none", "capped", "closed-form"));
        inRange("--ranks", ranks, 1, MOST_RANKS);
        inRange("--steps", steps, 1, MOST_STEPS);
        inRange("--batch", batch, 1, MOST_WINDOWS / ranks);
        inRange("--eval-every", evalEvery, 1, Integer.MAX_VALUE);
        inRange("--checkpoint-every", checkpointEvery, 1, Integer.MAX_VALUE);
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "--learning-rate=" + learningRate + " (expected: finite and > 0); 0.004 suits this model");
        }
        if (!(linkGbit > 0) || Double.isInfinite(linkGbit)) {
            throw new IllegalArgumentException("--link-gbit=" + linkGbit + " (expected: finite and > 0), in Gbit/s");
        }
        if (deviceTflops != null && (!(deviceTflops > 0) || Double.isInfinite(deviceTflops))) {
            throw new IllegalArgumentException("--device-tflops=" + deviceTflops + " (expected: finite and > 0)");
        }
        checkDensity();
        checkTogether();
    }

    /**
     * Refuses a model that cannot be trained here, before anything is allocated.
     *
     * @param shape of the model, with the vocabulary of the data
     */
    void checkModel(DecoderShape shape) {
        if (shape.tied()) {
            throw new IllegalArgumentException("--preset=" + preset
                    + " ties its head to its embedding, which layers of a graph cannot (expected: a model without that); add"
                    + " --dry-run, or train gpt-micro");
        }
        if (shape.parameters() > DecoderShape.MOST_PARAMETERS) {
            throw new IllegalArgumentException("--preset=" + preset + " has " + shape.parameters()
                    + " parameters (expected: <= " + DecoderShape.MOST_PARAMETERS
                    + ", what one network holds); add --dry-run, or choose a smaller one");
        }
        MemoryNeed.of(shape, config(), ranks, batch).require(preset, ranks);
    }

    private void checkDensity() {
        if (density != null && !(density > 0 && density <= 1)) {
            throw new IllegalArgumentException(
                    "--density=" + density + " (expected: 0 < density <= 1); for 99 % sparsity use --density 0.01");
        }
        if (sparsity != null && !(sparsity >= 0 && sparsity < 1)) {
            throw new IllegalArgumentException(
                    "--sparsity=" + sparsity + " (expected: 0 <= sparsity < 1); for 99 % use --sparsity 0.99");
        }
        if (catchUpCap != null && catchUpCap < 1) {
            throw new IllegalArgumentException("--catch-up-cap=" + catchUpCap + " (expected: >= 1); 32 is the default");
        }
    }

    private void checkTogether() {
        if (density != null && sparsity != null) {
            throw new IllegalArgumentException(
                    "--density=" + density + " and --sparsity=" + sparsity + " say the same thing; give one of them");
        }
        if (exchange.equals("dense") && (density != null || sparsity != null)) {
            throw new IllegalArgumentException("--exchange=dense has no density; leave out --density and --sparsity");
        }
        if (catchUpCap != null && !catchUp.equals("capped")) {
            throw new IllegalArgumentException(
                    "--catch-up-cap=" + catchUpCap + " with --catch-up=" + catchUp + "; use --catch-up capped");
        }
        if (Boolean.TRUE.equals(lookAhead) && !catchUp.equals("closed-form")) {
            throw new IllegalArgumentException("--look-ahead with --catch-up=" + catchUp
                    + " (expected: closed-form), since it evaluates the closed form's pending update");
        }
        boolean tokens = data.size() == 1 && TokenFile.isOne(data.get(0));
        if (!data.isEmpty() && validation == null && !tokens) {
            throw new IllegalArgumentException("--data without --validation; give a text to validate on, too");
        }
    }

    /** The model for a vocabulary of some size. */
    DecoderShape shape(int vocabulary) {
        return Preset.of(preset).shape(vocabulary);
    }

    /** Steps of the dense warm-up, and of the learning rate's: an eighth of all, at most 100. */
    int warmupSteps() {
        return Math.min(LONGEST_WARMUP, Math.max(1, steps / 8));
    }

    /** Whether gradients are evaluated ahead: unless refused, wherever the rule allows it and something waits to be sent. */
    boolean looksAhead() {
        return lookAhead == null ? catchUp.equals("closed-form") && !exchange.equals("dense") : lookAhead;
    }

    /** The algorithm's configuration. */
    ScapeConfig config() {
        ScapeConfig.Builder builder =
                ScapeConfig.builder().optimizer(AdamSConfig.defaults()).catchUp(rule());
        Double wanted = sparsity;
        if (wanted != null) {
            builder.sparsity(wanted);
        } else if (exchange.equals("dense")) {
            builder.density(1);
        } else {
            builder.density(density == null ? 0.01 : density);
        }
        return builder.warmupSteps(warmupSteps())
                .denseBelow(SMALL_TENSOR)
                .lookAhead(looksAhead())
                .build();
    }

    /** What the transport is told; all ranks are on this machine. */
    CollectivesOptions transportOptions() {
        return new CollectivesOptions(CollectivesOptions.TIMEOUT_NS_DEFAULT, "127.0.0.1", transportProperties);
    }

    private CatchUp rule() {
        return switch (catchUp) {
            case "none" -> CatchUp.none();
            case "capped" -> CatchUp.capped(catchUpCap == null ? CatchUp.CAP_DEFAULT : catchUpCap);
            default -> CatchUp.closedForm();
        };
    }

    private static void oneOf(String option, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(option + "=" + value + " (expected: one of " + String.join(", ", allowed)
                    + ")" + NearestMatch.hint(value, allowed));
        }
    }

    private static void inRange(String option, int value, int smallest, int largest) {
        if (value < smallest || value > largest) {
            throw new IllegalArgumentException(option + "=" + value + " (expected: " + smallest + " <= "
                    + option.substring(2) + " <= " + largest + "); choose a number in that range");
        }
    }
}
