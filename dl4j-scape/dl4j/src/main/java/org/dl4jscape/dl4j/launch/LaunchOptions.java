package org.dl4jscape.dl4j.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of {@code scape-launch}. */
final class LaunchOptions {
    private static final String LOOPBACK = "127.0.0.1";

    @Option(
            names = "--nproc-per-node",
            paramLabel = "N",
            description = "Ranks on every node, a process each. Default: ${DEFAULT-VALUE}.")
    int processesPerNode = 1;

    @Option(names = "--nnodes", paramLabel = "N", description = "Number of nodes. Default: ${DEFAULT-VALUE}.")
    int nodes = 1;

    @Option(
            names = "--node-rank",
            paramLabel = "N",
            description = "Which node this is, from 0. Default: ${DEFAULT-VALUE}.")
    int nodeRank;

    @Option(
            names = "--rendezvous",
            paramLabel = "HOST:PORT",
            description = "Address of node 0 as the others reach it, and a free port there. Default with one node:"
                    + " 127.0.0.1 and a port that is free.")
    @Nullable
    String rendezvous;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description =
                    "Address of this node, on which the transports of its ranks listen. Default: the one from which"
                            + " node 0 is reached.")
    @Nullable
    String address;

    @Option(
            names = "--max-restarts",
            paramLabel = "N",
            description = "How often all ranks start again when one fails; node 0 decides. Default: ${DEFAULT-VALUE}.")
    int maxRestarts;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest wait for the launchers of all nodes. Default: ${DEFAULT-VALUE}.")
    int timeoutSeconds = 300;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description = "Time a rank has to end by itself before it is killed. Default: ${DEFAULT-VALUE}.")
    int graceSeconds = 5;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "1..*",
            description = "What every rank runs, with its arguments; after --.")
    List<String> command = new ArrayList<>();

    LaunchOptions() {}

    /**
     * Refuses what cannot work, before anything is started.
     *
     * @throws IllegalArgumentException with the option, its value, what was expected and the remedy
     */
    void check() {
        requireAtLeast("--nproc-per-node", processesPerNode, 1);
        requireAtLeast("--nnodes", nodes, 1);
        requireAtLeast("--max-restarts", maxRestarts, 0);
        requireAtLeast("--timeout", timeoutSeconds, 1);
        requireAtLeast("--grace", graceSeconds, 0);
        if (nodeRank < 0 || nodeRank >= nodes) {
            throw new IllegalArgumentException("--node-rank " + nodeRank + " (expected: 0 to " + (nodes - 1)
                    + ", since --nnodes is " + nodes + ")");
        }
        if (nodes > 1 && meeting().port() == 0) {
            throw new IllegalArgumentException(
                    "--rendezvous " + meeting() + " (expected: a port from 1 on, the same on all " + nodes + " nodes)");
        }
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " (expected: >= " + least + ")");
        }
    }

    /** Where launchers and ranks meet. */
    HostPort meeting() {
        String given = rendezvous;
        if (given != null) {
            return HostPort.parse("--rendezvous", given);
        }
        if (nodes > 1) {
            throw new IllegalArgumentException("--rendezvous is missing (expected with --nnodes " + nodes
                    + ": HOST:PORT of node 0); give the same one to all nodes");
        }
        return new HostPort(LOOPBACK, 0);
    }

    Duration grace() {
        return Duration.ofSeconds(graceSeconds);
    }
}
