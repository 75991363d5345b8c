package org.dl4jscape.dl4j.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where launchers and ranks meet, at the launcher of node 0: a TCP port, a thread a connection.
 *
 * <p>A connection begins with {@code node INDEX NODES PROCESSES} or {@code rank RANK WORLD_SIZE GENERATION}; whoever says
 * something else, or nothing for some seconds, is sent away. It neither authenticates nor encrypts.
 */
final class GroupHost implements AutoCloseable {
    static final String NODE = "node";
    static final String RANK = "rank";
    static final String LINE = "line";
    static final String START = "start";
    static final String STOP = "stop";
    static final String END = "end";
    static final String FAILED = "failed";
    static final String STOPPED = "stopped";
    static final String DONE = "done";
    static final String REFUSED = "refused";

    /** An end that says nothing for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    /** Time between two signs of life. */
    static final Duration PING_EVERY = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(GroupHost.class);
    private static final long DEPARTURE_MS = 5000;

    private final GroupState state;
    private final ServerSocket listener;
    private final Set<MessageSocket> open = ConcurrentHashMap.newKeySet();
    private RankLines lines;
    private int linesOf;

    /**
     * Listens.
     *
     * @param where port 0: one that the system chooses
     * @throws IllegalArgumentException when that is not possible there
     */
    GroupHost(HostPort where, GroupState state) {
        this.state = state;
        lines = new RankLines(state.worldSize());
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(where.host()), where.port()));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--rendezvous " + where + " cannot be listened on here (" + e.getMessage()
                            + "); give an address of this machine and a free port",
                    e);
        }
        start("scape-launch-host", this::accept);
        start("scape-launch-ping", this::ping);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The port it listens on. */
    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start("scape-launch-connection", () -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("the rendezvous could not take a connection: {}", e.toString());
                }
            }
        }
    }

    private void ping() {
        try {
            while (!listener.isClosed()) {
                Thread.sleep(PING_EVERY.toMillis());
                open.forEach(socket -> tell(socket, MessageSocket.PING));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(MessageSocket socket, String... messages) {
        try {
            socket.send(messages);
        } catch (IOException e) {
            // Whoever receives from it finds out.
            socket.close();
        }
    }

    private void serve(Socket accepted) {
        try (MessageSocket socket = new MessageSocket(accepted, SILENCE)) {
            String[] hello = socket.receive().split(" ", -1);
            if (hello.length == 4 && hello[0].equals(NODE)) {
                serveNode(socket, number(hello[1]), number(hello[2]), number(hello[3]));
            } else if (hello.length == 4 && hello[0].equals(RANK)) {
                socket.waitForEver();
                serveRank(socket, number(hello[1]), number(hello[2]), number(hello[3]));
            } else {
                LOG.warn("{} is neither a launcher nor a rank and was sent away", socket.peer());
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("a connection has ended: {}", e.toString());
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private void serveNode(MessageSocket socket, int index, int nodes, int processes) throws IOException {
        GroupState.Node node = new GroupState.Node() {
            @Override
            public void tell(String message) {
                GroupHost.tell(socket, message);
            }

            @Override
            public String address() {
                return socket.peer();
            }
        };
        String refusal = state.join(index, nodes, processes, node);
        if (!refusal.isEmpty()) {
            socket.send(REFUSED + " " + refusal);
            // Closed by the other end: to close with something unread here would take the answer back.
            while (true) {
                socket.receive();
            }
        }
        open.add(socket);
        try {
            while (true) {
                hear(index, socket.receive());
            }
        } finally {
            open.remove(socket);
            state.gone(index);
        }
    }

    private void hear(int index, String message) throws IOException {
        String[] words = message.split(" ", 3);
        if (words[0].equals(STOPPED)) {
            state.stopped(index);
        } else if (words[0].equals(DONE) && words.length == 2) {
            state.done(index, number(words[1]));
        } else if (words[0].equals(FAILED) && words.length == 3) {
            state.failed(number(words[1]), words[2]);
        } else {
            throw new IOException("node " + index + " says " + message);
        }
    }

    private void serveRank(MessageSocket socket, int rank, int worldSize, int generation) throws IOException {
        while (true) {
            String message = socket.receive();
            String refusal = refusal(rank, worldSize, generation);
            if (refusal.isEmpty() && message.startsWith(LINE + " ")) {
                String line = message.substring(LINE.length() + 1);
                refusal = linesOf(generation).add(rank, line, messages -> tell(socket, messages));
            }
            if (!refusal.isEmpty()) {
                socket.send(REFUSED + " " + refusal);
                return;
            }
        }
    }

    private String refusal(int rank, int worldSize, int generation) {
        int expected = state.worldSize();
        if (worldSize != expected || rank < 0 || rank >= expected) {
            return "rank " + rank + " of " + worldSize + " comes to a group of " + expected
                    + " ranks; start it by the launcher of this group";
        }
        int current = state.generation();
        return generation == current
                ? ""
                : "rank " + rank + " is of generation " + generation + " (expected: " + current
                        + "); it was left over when the group started again, end it";
    }

    private synchronized RankLines linesOf(int generation) {
        if (linesOf != generation) {
            lines = new RankLines(state.worldSize());
            linesOf = generation;
        }
        return lines;
    }

    /** Lets the launchers hear the last word, then closes. */
    @Override
    public void close() {
        try {
            state.awaitDeparture(DEPARTURE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            listener.close();
        } catch (IOException ignored) {
            // it does not listen any more
        }
        open.forEach(MessageSocket::close);
    }
}
