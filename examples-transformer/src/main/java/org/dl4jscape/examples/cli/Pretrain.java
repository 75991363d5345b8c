package org.dl4jscape.examples.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.dl4jscape.core.exchange.CollectiveException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Command line {@code pretrain}: pre-trains a character transformer with SCAPE.
 *
 * <p>Exit status: 0 trained, 1 failed while training, 2 bad input (one message, nothing was started).
 */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pre-trains a character transformer on Jane Austen, data-parallel, with SCAPE.")
public final class Pretrain implements Callable<Integer> {
    @Mixin
    private final PretrainOptions options = new PretrainOptions();

    /** Called by picocli. */
    public Pretrain() {}

    /** Runs the command and exits the JVM with its status. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Pretrain());
        command.setParameterExceptionHandler((failure, given) -> {
            failure.getCommandLine().getErr().println("pretrain: " + failure.getMessage() + "; see pretrain --help");
            return 2;
        });
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("pretrain: " + failure.getMessage());
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        options.check();
        Path wanted = options.out;
        Path out = wanted != null
                ? wanted
                : Path.of(
                        "runs",
                        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                                .format(LocalDateTime.now(ZoneId.systemDefault())));
        Consumer<String> print = System.out::print;
        try (RunFolder folder = RunFolder.create(out);
                ProgressView view = new ProgressView(print, options.steps, options.quiet)) {
            Map<String, Object> result = new Pretraining(options, folder, view).run();
            System.out.println(summary(result, out));
            return 0;
        } catch (CollectiveException e) {
            System.err.println("pretrain: " + e.getMessage());
            return 1;
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
