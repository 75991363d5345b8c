package org.dl4jscape.dl4j.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Command line {@code scape-launch}: starts the ranks of a training as processes, on one machine or, once on each, on several.
 *
 * <p>Exit status: 0 all ranks ended well, 1 a rank failed and no restart was left, 2 bad input (one message, nothing was
 * started), 128 and the signal when it was ended by one.
 */
@Command(
        name = "scape-launch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs COMMAND as several ranks, which find each other by ProcessRank.fromEnvironment().",
        footer = {
            "",
            "One machine:   scape-launch --nproc-per-node 2 -- java -cp app.jar Main",
            "Two machines:  scape-launch --nproc-per-node 2 --nnodes 2 --node-rank 0 --rendezvous 10.0.0.1:29400 --"
                    + " ...",
            "               and on the other the same with --node-rank 1"
        })
public final class ScapeLaunch implements Callable<Integer> {
    @Mixin
    private LaunchOptions options = new LaunchOptions();

    private final PrintStream out;
    private final PrintStream err;

    private ScapeLaunch(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the command and exits the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(execute(System.out, System.err, arguments));
    }

    /**
     * Runs the command in this JVM and returns its exit status.
     *
     * @param out receives what ranks write to their standard output
     * @param err receives what they write to their standard error, and the launcher's own messages
     * @param arguments as on the command line
     */
    public static int execute(PrintStream out, PrintStream err, String... arguments) {
        CommandLine command = new CommandLine(new ScapeLaunch(out, err));
        // What follows the command's name is the command's, whatever it looks like.
        command.setStopAtPositional(true);
        command.setParameterExceptionHandler((failure, given) -> {
            err.println("scape-launch: " + failure.getMessage() + "; see scape-launch --help");
            return 2;
        });
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            err.println(
                    "scape-launch: " + (failure instanceof IllegalArgumentException ? failure.getMessage() : failure));
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        return command.execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        RankProgram program = new RankProgram(options.command);
        HostPort where = options.meeting();
        if (options.nodeRank > 0) {
            return run(where, program);
        }
        GroupState state = new GroupState(options.nodes, options.processesPerNode, options.maxRestarts);
        try (GroupHost host = new GroupHost(where, state)) {
            return run(new HostPort(where.host(), host.port()), program);
        }
    }

    private int run(HostPort meeting, RankProgram program) throws IOException, InterruptedException {
        try (MessageSocket host = connect(meeting)) {
            NodeAgent agent = new NodeAgent(options, program, host, meeting, out, err);
            Thread hook = new Thread(agent::interrupt, "scape-launch-end");
            Runtime.getRuntime().addShutdownHook(hook);
            NodeAgent.Outcome outcome = agent.run();
            removeHook(hook);
            if (!outcome.sentence().isEmpty()) {
                err.println("scape-launch: " + outcome.sentence());
            }
            return outcome.status();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // the hook runs, and ends what this launcher has started
        }
    }

    private MessageSocket connect(HostPort meeting) throws InterruptedException {
        @Nullable IOException last;
        try {
            Duration within = Duration.ofSeconds(options.timeoutSeconds);
            return MessageSocket.connect(meeting.host(), meeting.port(), within, GroupHost.SILENCE);
        } catch (IOException e) {
            last = e;
        }
        throw new IllegalArgumentException(
                "--rendezvous " + meeting + " does not answer within " + options.timeoutSeconds + " s ("
                        + last.getMessage() + "); start scape-launch --node-rank 0 there, and let its port through the"
                        + " firewall",
                last);
    }
}
