package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jscape.examples.data.Preparation;
import org.dl4jscape.examples.data.Tokenizers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command {@code scape prepare}: a file of tokens that training maps into memory, of texts or JSON lines of any size. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes a file of tokens of texts or JSON lines of any size, for pretrain --data.",
        footer = {
            "",
            "Examples:",
            "  scape prepare letters.txt --out letters.tokens",
            "  scape prepare web.jsonl --field text --tokens r50k_base --out web.tokens",
            "  scape pretrain --data letters.tokens",
        })
public final class Prepare implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "UTF-8 texts, whose documents have empty lines between them; or, ending in .jsonl, one document a line")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--out", required = true, description = "File to write; replaced if there is one")
    private Path out = Path.of("");

    @Option(
            names = "--tokens",
            defaultValue = "characters",
            description = "characters, bytes, or r50k_base (GPT-2's byte pair encoding). Default: ${DEFAULT-VALUE}")
    private String tokens = "characters";

    @Option(names = "--field", description = "Field of JSON lines that holds the text. Default: text, for .jsonl only")
    private String field = "";

    @Option(
            names = "--validation-fraction",
            defaultValue = "0.05",
            description = "Share of the documents to validate on, in (0, 1). Default: ${DEFAULT-VALUE}")
    private double validationFraction = 0.05;

    @Option(names = "--seed", defaultValue = "1", description = "Of the choice of documents. Default: ${DEFAULT-VALUE}")
    private long seed = 1;

    /** Called by picocli. */
    public Prepare() {}

    @Override
    public Integer call() throws IOException {
        check();
        long from = System.nanoTime();
        Preparation.Made made =
                new Preparation(files, field, validationFraction, seed).write(tokens, out.toAbsolutePath());
        double seconds = Math.max(1e-9, (System.nanoTime() - from) / 1e9);
        double megabytes = 0;
        for (Path file : files) {
            megabytes += Files.size(file) / 1e6;
        }
        CommandSpec shown = spec;
        if (shown != null) {
            shown.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%,d documents, %,d %ss to train on, %,d to validate on, vocabulary %,d; %.1f MB/s%ntokens in %s%n",
                            made.documents(),
                            made.trainingTokens(),
                            made.tokenizer().unit(),
                            made.validationTokens(),
                            made.tokenizer().size(),
                            megabytes / seconds,
                            out);
        }
        return 0;
    }

    private void check() {
        if (!Tokenizers.KINDS.contains(tokens)) {
            throw new IllegalArgumentException("--tokens=" + tokens + " (expected: one of "
                    + String.join(", ", Tokenizers.KINDS) + ")" + NearestMatch.hint(tokens, Tokenizers.KINDS));
        }
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new IllegalArgumentException(
                    "--validation-fraction=" + validationFraction + " (expected: 0 < validation-fraction < 1)");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(out)) {
            throw new IllegalArgumentException(
                    "--out=" + out + " cannot be written (expected: a file in an existing folder); give another one");
        }
        for (Path file : files) {
            if (file.toAbsolutePath().equals(out.toAbsolutePath())) {
                throw new IllegalArgumentException("--out=" + out + " is also read (expected: another file)");
            }
        }
    }
}
