package org.dl4jscape.dl4j.launch;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * This process's place among the processes that {@code scape-launch} started.
 *
 * <pre>
 *   ScapeTrainer.builder().group(ProcessRank.fromEnvironment())
 * </pre>
 *
 * <p>The launcher tells it by environment variables, whose names are constants here.
 *
 * @param group rank, world size, and how often the group was started before
 * @param localRank index of this rank among those of this machine, at least 0
 * @param localWorldSize number of ranks on this machine
 * @param host name or address of the machine where ranks meet
 * @param port its TCP port
 * @param address of this machine, on which transports listen
 */
public record ProcessRank(
        ProcessGroup group, int localRank, int localWorldSize, String host, int port, String address) {
    /** Rank, from 0. */
    public static final String RANK = "SCAPE_RANK";
    /** Number of ranks on all machines. */
    public static final String WORLD_SIZE = "SCAPE_WORLD_SIZE";
    /** Index among the ranks of this machine, from 0. */
    public static final String LOCAL_RANK = "SCAPE_LOCAL_RANK";
    /** Number of ranks on this machine. */
    public static final String LOCAL_WORLD_SIZE = "SCAPE_LOCAL_WORLD_SIZE";
    /** How often the group was started before, from 0. */
    public static final String GENERATION = "SCAPE_GENERATION";
    /** Where ranks meet, {@code host:port}. */
    public static final String RENDEZVOUS = "SCAPE_RENDEZVOUS";
    /** Address of this machine, on which transports listen. */
    public static final String ADDRESS = "SCAPE_ADDRESS";

    /** Checks the local rank. */
    public ProcessRank {
        if (localRank < 0 || localRank >= localWorldSize || localWorldSize > group.worldSize()) {
            throw new IllegalArgumentException(LOCAL_RANK + "=" + localRank + ", " + LOCAL_WORLD_SIZE + "="
                    + localWorldSize + " (expected: 0 <= local rank < local world size <= " + WORLD_SIZE + "="
                    + group.worldSize() + ")");
        }
    }

    /** Whether a launcher has started this process. */
    public static boolean isLaunched() {
        return System.getenv(RANK) != null;
    }

    /**
     * What the launcher said.
     *
     * @throws IllegalStateException when a variable is missing, so that no launcher has started this process
     * @throws IllegalArgumentException when one has a value that it cannot have
     */
    public static ProcessRank fromEnvironment() {
        return from(System.getenv());
    }

    static ProcessRank from(Map<String, String> environment) {
        ProcessGroup group = new ProcessGroup(
                number(environment, RANK), number(environment, WORLD_SIZE), number(environment, GENERATION));
        HostPort meeting = HostPort.parse(RENDEZVOUS, text(environment, RENDEZVOUS));
        return new ProcessRank(
                group,
                number(environment, LOCAL_RANK),
                number(environment, LOCAL_WORLD_SIZE),
                meeting.host(),
                meeting.port(),
                text(environment, ADDRESS));
    }

    /** The variables that say it, as {@link #fromEnvironment} reads them. */
    Map<String, String> environment() {
        return Map.of(
                RANK, Integer.toString(group.rank()),
                WORLD_SIZE, Integer.toString(group.worldSize()),
                GENERATION, Integer.toString(group.generation()),
                LOCAL_RANK, Integer.toString(localRank),
                LOCAL_WORLD_SIZE, Integer.toString(localWorldSize),
                RENDEZVOUS, new HostPort(host, port).toString(),
                ADDRESS, address);
    }

    private static String text(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    name + " is not set (expected: by scape-launch); start the program as scape-launch --nproc-per-node"
                            + " 2 -- COMMAND, or leave group(..) out to train on threads");
        }
        return value.trim();
    }

    private static int number(Map<String, String> environment, String name) {
        String value = text(environment, name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + "=" + value + " (expected: a whole number); scape-launch sets it", e);
        }
    }

    /**
     * Connects to where the ranks meet.
     *
     * @param timeout deadline of every wait for the others, above 0
     * @throws CollectiveException when nobody listens there
     */
    public Meeting meet(Duration timeout) {
        try {
            MessageSocket socket = MessageSocket.connect(host, port, timeout, timeout);
            socket.send(GroupHost.RANK + " " + group.rank() + " " + group.worldSize() + " " + group.generation());
            return new Meeting(this, socket, timeout);
        } catch (IOException e) {
            throw new CollectiveException(
                    group + " finds nobody at " + RENDEZVOUS + "=" + new HostPort(host, port) + " within "
                            + timeout.toSeconds() + " s (" + e + "); does the launcher of node 0 still run, and does a"
                            + " firewall let this port through?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectiveException(group + " was interrupted on its way to the rendezvous", e);
        }
    }

    /** The connection by which one rank announces its lines. Belongs to one thread. */
    public static final class Meeting implements Rendezvous, AutoCloseable {
        private final ProcessRank place;
        private final MessageSocket socket;
        private final Duration timeout;

        private Meeting(ProcessRank place, MessageSocket socket, Duration timeout) {
            this.place = place;
            this.socket = socket;
            this.timeout = timeout;
        }

        @Override
        public String[] allGather(String line) {
            try {
                socket.send(GroupHost.LINE + " " + line);
                String[] lines = new String[place.group.worldSize()];
                for (int rank = 0; rank < lines.length; rank++) {
                    String answer = socket.receive();
                    if (answer.startsWith(GroupHost.REFUSED + " ")) {
                        throw new CollectiveException(answer.substring(GroupHost.REFUSED.length() + 1));
                    }
                    lines[rank] = answer.substring(GroupHost.LINE.length() + 1);
                }
                return lines;
            } catch (SocketTimeoutException e) {
                throw new CollectiveException(
                        place.group + " waited " + timeout.toSeconds()
                                + " s for the other ranks to come to the rendezvous; look into their output",
                        e);
            } catch (EOFException e) {
                throw new CollectiveException(
                        "the launcher of node 0 closed the rendezvous of " + place.group + "; look into its output", e);
            } catch (IOException e) {
                throw new CollectiveException("the rendezvous of " + place.group + " failed: " + e, e);
            }
        }

        /** Leaves; the other ranks are not told. */
        @Override
        public void close() {
            socket.close();
        }
    }
}
