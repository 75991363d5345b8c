package org.dl4jscape.examples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jscape.examples.data.Corpus;
import org.dl4jscape.examples.data.Texts;
import org.dl4jscape.examples.data.TokenFile;
import org.dl4jscape.examples.data.TokenWindows;
import org.dl4jscape.examples.data.Tokenizer;
import org.dl4jscape.examples.data.Tokens;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command {@code scape evaluate}: the loss of a finished run on its validation text, or on another one. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measures the loss of a finished run on its validation text, or on another one.",
        footer = {"", "Example:", "  scape evaluate runs/20260101-120000 --validation letters.txt"})
public final class Evaluate implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of the run")
    private Path folder = Path.of("");

    @Option(names = "--validation", description = "Text file, or file of tokens. Default: what the run validated on")
    private @Nullable Path validation;

    @Option(
            names = "--windows",
            defaultValue = "" + Pretraining.VALIDATION_WINDOWS,
            description =
                    "Evenly spaced windows to measure on, at most as many as the text has. Default: ${DEFAULT-VALUE}")
    private int windows = Pretraining.VALIDATION_WINDOWS;

    /** Called by picocli. */
    public Evaluate() {}

    @Override
    public Integer call() {
        if (windows < 1) {
            throw new IllegalArgumentException("--windows=" + windows + " (expected: >= 1)");
        }
        SavedModel model = SavedModel.of(folder);
        Tokens held = held(model.tokenizer());
        if (held.length() <= model.context()) {
            throw new IllegalArgumentException("--validation has " + held.length() + " "
                    + model.tokenizer().unit() + "s (expected: > " + model.context()
                    + ", the context of the model); give a longer text");
        }
        TokenWindows source = new TokenWindows(held, model.context());
        double loss;
        try (Evaluator evaluator = new Evaluator(model.network(), source.fixed(windows, 64))) {
            loss = evaluator.loss(model.network().params());
        }
        String unit = model.tokenizer().unit();
        CommandSpec shown = spec;
        if (shown != null) {
            shown.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "validation loss %.4f nats a %s, %.4f bits, perplexity %.2f%n",
                            loss,
                            unit,
                            loss / Math.log(2),
                            Math.exp(loss));
        }
        return 0;
    }

    private Tokens held(Tokenizer tokenizer) {
        Path file = validation;
        if (file == null) {
            PretrainOptions began = StoppedRun.began(folder.toString(), folder);
            Corpus corpus = Corpus.of(began.data, began.validation);
            requireSame("--data of " + folder, corpus.tokenizer(), tokenizer);
            return corpus.validation();
        }
        if (TokenFile.isOne(file)) {
            TokenFile tokens = TokenFile.open("--validation", file);
            requireSame("--validation=" + file, tokens.tokenizer(), tokenizer);
            return tokens.validation();
        }
        return Tokens.of(tokenizer.encode(Texts.read("--validation", List.of(file))));
    }

    private static void requireSame(String what, Tokenizer found, Tokenizer wanted) {
        if (!found.describe().equals(wanted.describe())) {
            throw new IllegalArgumentException(what + " has another vocabulary than the model (" + found.size() + " "
                    + found.unit() + "s, expected: the " + wanted.size() + " it was trained on); give a text file");
        }
    }
}
