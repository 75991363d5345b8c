package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.examples.data.Corpus;
import org.dl4jscape.examples.model.DecoderShape;
import org.dl4jscape.examples.model.Preset;

/** From options to a result: what {@code pretrain} and {@code resume} have in common. */
final class Launch {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final String resumed;
    private final PretrainOptions options;
    private final Consumer<String> out;

    /**
     * Starts nothing yet.
     *
     * @param resumed how the user named the folder to go on in; empty: a new run
     * @param options of the run
     */
    Launch(String resumed, PretrainOptions options) {
        this(resumed, options, System.out::print);
    }

    /** With another place for what it says. */
    Launch(String resumed, PretrainOptions options, Consumer<String> out) {
        this.resumed = resumed;
        this.options = options;
        this.out = out;
    }

    /** Trains, says what came out, and returns the exit status. */
    int run() throws IOException {
        options.check();
        Preset preset = Preset.of(options.preset);
        if (options.dryRun && preset.isLarge() && options.data.isEmpty()) {
            out.accept(new DryRun(preset.shape(), options).describe());
            return 0;
        }
        Corpus corpus = Corpus.of(options.data, options.validation);
        DecoderShape shape = options.shape(corpus.tokenizer().size());
        if (options.dryRun) {
            out.accept(new DryRun(shape, options).describe());
            return 0;
        }
        corpus.requireLongerThan(shape.context());
        options.checkModel(shape);
        requireParts();
        Path wanted = options.out;
        Path target =
                wanted != null ? wanted : Path.of("runs", STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
        RunRecord record = new RunRecord(options.config().density().warmupSteps());
        try (RunFolder folder =
                        resumed.isEmpty() ? RunFolder.create(target) : RunFolder.reopen(resumed, target, record);
                StopNotice notice = new StopNotice(target);
                StopRequest stop = new StopRequest().listen();
                ProgressView view = new ProgressView(out, options.steps, options.quiet)) {
            Map<String, Object> result;
            try {
                result = new Pretraining(options, corpus, folder, record, view, stop).run();
            } catch (IOException e) {
                throw new IOException(folder.unwritable(e), e);
            } catch (Throwable e) { // Spark throws checked exceptions that its methods do not declare
                if (!stop.isReached()) {
                    throw e;
                }
                notice.close();
                view.close();
                System.err.println(stopped(stop.lastStep(), target));
                return StopRequest.STATUS;
            }
            notice.close();
            view.close();
            out.accept(summary(result, target) + System.lineSeparator());
            return 0;
        }
    }

    private String stopped(int step, Path folder) {
        return String.format(
                Locale.ROOT,
                "%npretrain: stopped; step %d of %d is saved, go on with: scape resume %s",
                step,
                options.steps,
                folder);
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

    private static String summary(Map<String, Object> result, Path folder) {
        double bigram = number(result, "bigramLoss");
        return String.format(
                Locale.ROOT,
                "validation loss %.4f (initial %.4f%s), bytes ratio %.5f, replicas identical: %s%n"
                        + "parametersSha256 %s%nresults in %s",
                number(result, "validationLoss"),
                number(result, "initialValidationLoss"),
                Double.isNaN(bigram) ? "" : String.format(Locale.ROOT, ", bigram %.4f", bigram),
                number(result, "bytesRatio"),
                result.get("replicasIdentical"),
                result.get("parametersSha256"),
                folder);
    }

    private static double number(Map<String, Object> result, String key) {
        return result.get(key) instanceof Number found ? found.doubleValue() : Double.NaN;
    }
}
