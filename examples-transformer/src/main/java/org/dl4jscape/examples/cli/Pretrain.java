package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Command {@code scape pretrain}, in short {@code pretrain}: pre-trains a transformer with SCAPE.
 *
 * <p>Exit status: 0 trained, 1 failed while training, 2 bad input (one message, nothing was started or written), 130 stopped
 * by Ctrl-C (saved, no {@code result.json}).
 */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Pre-trains a transformer, by default on the characters of Jane Austen, data-parallel, with SCAPE.",
        footer = {
            "",
            "Examples:",
            "  pretrain                               the default: 99 % sparse, two ranks on Spark, some five minutes",
            "  pretrain --exchange dense --seed 2     the baseline, with another seed",
            "  pretrain --config run.yaml --steps 800 options from a file, one of them overruled",
            "Ctrl-C saves the run; go on with: scape resume DIR",
        })
public final class Pretrain implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private PretrainOptions options = new PretrainOptions();

    /** Called by picocli. */
    public Pretrain() {}

    /** Runs the command and exits the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(Scape.execute(commandLine(), List.of(arguments)));
    }

    /** The command alone, with its ways to say what went wrong. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Pretrain());
        Scape.describeErrors(command);
        return command;
    }

    @Override
    public Integer call() throws IOException {
        List<String> given = Scape.given(spec);
        Path resumed = options.resume;
        if (resumed != null) {
            StoppedRun.requireAlone(resumed, given);
            return new Launch("--resume=" + resumed, StoppedRun.options("--resume=" + resumed, resumed, options.quiet))
                    .run();
        }
        options.arguments = given;
        return new Launch("", options).run();
    }
}
