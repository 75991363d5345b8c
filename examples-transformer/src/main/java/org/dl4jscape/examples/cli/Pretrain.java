package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.examples.data.Corpus;
import org.dl4jscape.examples.model.DecoderShape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Command line {@code pretrain}: pre-trains a character transformer with SCAPE.
 *
 * <p>Exit status: 0 trained, 1 failed while training, 2 bad input (one message, nothing was started or written), 130 stopped
 * by Ctrl-C (no {@code result.json}).
 */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pre-trains a character transformer on Jane Austen, data-parallel, with SCAPE.")
public final class Pretrain implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private PretrainOptions options = new PretrainOptions();

    /** Called by picocli. */
    public Pretrain() {}

    /** Runs the command and exits the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command with its ways to say what went wrong. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Pretrain());
        command.setParameterExceptionHandler((failure, given) -> {
            failure.getCommandLine().getErr().println("pretrain: " + failure.getMessage() + "; see pretrain --help");
            return 2;
        });
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            if (!StopNotice.isStopping()) {
                line.getErr().println("pretrain: " + RankFailure.sentence(failure));
            }
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        return command;
    }

    @Override
    public Integer call() throws IOException {
        List<String> given = Objects.requireNonNull(spec, "set by picocli")
                .commandLine()
                .getParseResult()
                .originalArgs();
        Path resumed = options.resume;
        if (resumed == null) {
            options.arguments = given;
        } else {
            options = StoppedRun.options(resumed, given);
        }
        options.check();
        Corpus corpus = Corpus.of(options.data, options.validation);
        corpus.requireLongerThan(DecoderShape.small(corpus.vocabulary().size()).context());
        requireParts();
        Path wanted = options.out;
        Path out = wanted != null ? wanted : Path.of("runs", STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
        Consumer<String> print = System.out::print;
        RunRecord record = new RunRecord(options.config().density().warmupSteps());
        try (RunFolder folder = resumed == null ? RunFolder.create(out) : RunFolder.reopen(resumed, record);
                StopNotice notice = new StopNotice(out);
                ProgressView view = new ProgressView(print, options.steps, options.quiet)) {
            Map<String, Object> result = new Pretraining(options, corpus, folder, record, view).run();
            notice.close();
            view.close();
            System.out.println(summary(result, out));
            return 0;
        }
    }

    /** Asks for kernels and transport once, so that what cannot run here is said before anything is written. */
    private void requireParts() {
        try {
            KernelsSelection.byName(options.kernels);
            TransportSelection.byName(options.transport)
                    .check(options.ranks, options.ranks, options.transportOptions());
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            boolean option = message.startsWith("kernels=") || message.startsWith("transport=");
            throw new IllegalArgumentException((option ? "--" : "--transport-property: ") + message, e);
        } catch (CollectiveException e) {
            throw new IllegalArgumentException(
                    "--transport=" + options.transport + " cannot run here: " + e.getMessage()
                            + "; or use --transport inprocess",
                    e);
        }
    }

    private static String summary(Map<String, Object> result, Path out) {
        return String.format(
                Locale.ROOT,
                "validation loss %.4f (initial %.4f, bigram %.4f), bytes ratio %.5f, replicas identical: %s%n"
                        + "parametersSha256 %s%nresults in %s",
                number(result, "validationLoss"),
                number(result, "initialValidationLoss"),
                number(result, "bigramLoss"),
                number(result, "bytesRatio"),
                result.get("replicasIdentical"),
                result.get("parametersSha256"),
                out);
    }

    private static double number(Map<String, Object> result, String key) {
        return result.get(key) instanceof Number found ? found.doubleValue() : Double.NaN;
    }
}
