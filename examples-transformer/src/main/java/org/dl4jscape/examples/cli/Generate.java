package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jscape.examples.model.TextGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command {@code scape generate}: text by a trained model, written as it is made. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes text with the model of a finished run, token by token; the same text for the same seed.",
        footer = {
            "",
            "Examples:",
            "  scape generate runs/20260101-120000 --prompt \"She had been\"",
            "  scape generate runs/20260101-120000 --temperature 0 --tokens 100",
            "  fortune | scape generate runs/20260101-120000 --prompt -",
        })
public final class Generate implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of the run")
    private Path folder = Path.of("");

    @Option(
            names = "--prompt",
            description = "How the text begins; - reads it from standard input. Default: a new line")
    private String prompt = "\n";

    @Option(names = "--tokens", defaultValue = "400", description = "How many to add. Default: ${DEFAULT-VALUE}")
    private int tokens = 400;

    @Option(
            names = "--temperature",
            defaultValue = "0.8",
            description = "Below 1 likely tokens get likelier; 0: always the likeliest. Default: ${DEFAULT-VALUE}")
    private double temperature = 0.8;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            description = "Draw from the k likeliest tokens only; 0: from all. Default: ${DEFAULT-VALUE}")
    private int topK;

    @Option(names = "--seed", defaultValue = "1", description = "Of the draws. Default: ${DEFAULT-VALUE}")
    private long seed = 1;

    /** Called by picocli. */
    public Generate() {}

    @Override
    public Integer call() throws IOException {
        check();
        CommandSpec shown = spec;
        if (shown == null) {
            throw new IOException("picocli has not set the command's description");
        }
        String begin = prompt.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : prompt;
        if (begin.isEmpty()) {
            throw new IllegalArgumentException("--prompt is empty (expected: at least one character); leave it out");
        }
        SavedModel model = SavedModel.of(folder);
        int unknown = model.tokenizer().unknown(begin);
        if (unknown > 0) {
            shown.commandLine()
                    .getErr()
                    .println("generate: " + unknown
                            + " characters of the prompt are none of the model's; it reads a space for each");
        }
        PrintWriter out = shown.commandLine().getOut();
        out.print(begin);
        out.flush();
        new TextGenerator(model.network(), model.tokenizer(), model.context())
                .generate(begin, tokens, new TextGenerator.Choice(temperature, topK, seed), text -> {
                    out.print(text);
                    out.flush();
                });
        out.println();
        return 0;
    }

    private void check() {
        if (tokens < 1) {
            throw new IllegalArgumentException("--tokens=" + tokens + " (expected: >= 1)");
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "--temperature=" + temperature + " (expected: finite and >= 0); 0.8 suits most models");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("--top-k=" + topK + " (expected: >= 0); 0 draws from all tokens");
        }
    }
}
