package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Command line {@code scape}: prepares text, pre-trains a transformer with SCAPE, goes on where it was stopped, compares, and
 * generates text.
 *
 * <p>Exit status: 0 done, 1 failed on the way, 2 bad input (one message, nothing was started or written), 130 stopped by Ctrl-C.
 */
@Command(
        name = "scape",
        mixinStandardHelpOptions = true,
        description = "Pre-trains small transformers, data-parallel, with SCAPE.",
        subcommands = {
            Pretrain.class,
            Resume.class,
            Evaluate.class,
            Generate.class,
            Compare.class,
            Prepare.class,
            Report.class,
            Examine.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Examples:",
            "  scape pretrain                         five minutes on two cores",
            "  scape generate runs/<time> --prompt \"It was\"",
            "  source <(examples-transformer/scape generate-completion)   completes options in bash",
        })
public final class Scape {
    /** Called by picocli. */
    public Scape() {}

    /** Runs a command and exits the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(execute(commandLine(), List.of(arguments)));
    }

    /** All commands with their ways to say what went wrong. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Scape());
        describeErrors(command);
        return command;
    }

    /** Has a command, and those below it, end bad input with one sentence and status 2. */
    static void describeErrors(CommandLine command) {
        command.setParameterExceptionHandler((failure, given) -> badInput(failure));
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            if (!StopNotice.isStopping()) {
                line.getErr().println(name(line) + ": " + RankFailure.sentence(failure));
            }
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        command.setExecutionStrategy(new CommandLine.RunLast());
    }

    /**
     * Runs the command that the arguments name, or the given one, options of {@code --config} files included.
     *
     * @return exit status
     */
    static int execute(CommandLine root, List<String> arguments) {
        Map<String, CommandLine> below = root.getSubcommands();
        CommandLine chosen = root;
        int from = 0;
        if (!below.isEmpty()) {
            if (arguments.isEmpty()) {
                root.usage(root.getErr());
                return 2;
            }
            CommandLine named = below.get(arguments.get(0));
            if (named != null) {
                chosen = named;
                from = 1;
            }
        }
        try {
            List<String> all = new ArrayList<>(arguments.subList(0, from));
            all.addAll(ConfigFile.expand(arguments.subList(from, arguments.size()), chosen.getCommandSpec()));
            return root.execute(all.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            root.getErr().println(name(chosen) + ": " + e.getMessage());
            return 2;
        }
    }

    private static int badInput(ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        String hint = "";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            hint = hint(unmatched.getUnmatched().get(0), line);
        }
        line.getErr()
                .println(name(line) + ": " + failure.getMessage() + hint + "; see "
                        + line.getCommandSpec().qualifiedName() + " --help");
        return 2;
    }

    private static String hint(String typed, CommandLine line) {
        List<String> known = new ArrayList<>();
        if (typed.startsWith("-")) {
            for (OptionSpec option : line.getCommandSpec().options()) {
                known.addAll(names(option, line.getCommandSpec()));
            }
        } else {
            known.addAll(line.getSubcommands().keySet());
        }
        return NearestMatch.hint(typed.replaceFirst("=.*", ""), known);
    }

    /** The names of an option, those that negate it included. */
    static List<String> names(OptionSpec option, CommandSpec command) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
            names.add(name);
            if (option.negatable()) {
                names.add(command.negatableOptionTransformer().makeNegative(name, command));
            }
        }
        return names;
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().name();
    }

    /** The arguments that picocli has parsed for a command, without those of the commands above it. */
    static List<String> given(@Nullable CommandSpec spec) throws IOException {
        if (spec == null) {
            throw new IOException("picocli has not set the command's description");
        }
        List<String> all = spec.commandLine().getParseResult().originalArgs();
        boolean below = spec.parent() != null;
        return below ? List.copyOf(all.subList(1, all.size())) : all;
    }
}
