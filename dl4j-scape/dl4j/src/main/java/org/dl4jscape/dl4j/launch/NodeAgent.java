package org.dl4jscape.dl4j.launch;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;

/** What a launcher does on its node: starts and stops ranks as the {@link GroupHost} says, and tells it what becomes of them. */
final class NodeAgent {
    private final LaunchOptions options;
    private final RankProgram program;
    private final MessageSocket host;
    private final HostPort meeting;
    private final PrintStream out;
    private final PrintStream err;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Set<Integer> running = new HashSet<>();
    private int generation = -1;
    private String said = "";
    private volatile LocalRanks ranks;
    private volatile boolean isInterrupted;

    /** Something to react to: exactly one of the two is there. */
    private record Event(@Nullable String message, @Nullable Ended ended) {}

    private record Ended(int generation, int rank, int status) {}

    /** How the launch went: exit status of the launcher, and what is left to say. */
    record Outcome(int status, String sentence) {}

    NodeAgent(
            LaunchOptions options,
            RankProgram program,
            MessageSocket host,
            HostPort meeting,
            PrintStream out,
            PrintStream err) {
        this.options = options;
        this.program = program;
        this.host = host;
        this.meeting = meeting;
        this.out = out;
        this.err = err;
        ranks = new LocalRanks(options.grace());
    }

    /** Joins, and goes along until the end. */
    Outcome run() throws IOException, InterruptedException {
        host.send(GroupHost.NODE + " " + options.nodeRank + " " + options.nodes + " " + options.processesPerNode);
        listen("scape-launch-messages", this::receive);
        listen("scape-launch-ping", this::ping);
        try {
            Event event = events.poll(options.timeoutSeconds, TimeUnit.SECONDS);
            if (event == null) {
                return new Outcome(
                        1,
                        "not all of " + options.nodes + " nodes have come to " + meeting + " within "
                                + options.timeoutSeconds
                                + " s; start scape-launch on every one, or allow more by --timeout");
            }
            while (true) {
                Outcome outcome = react(event);
                if (outcome != null) {
                    ranks.awaitOutput();
                    return outcome;
                }
                // A training takes as long as it takes; a host that has gone is noticed by its silence.
                event = events.take();
            }
        } finally {
            ranks.stop();
        }
    }

    /** Ends the ranks, because this launcher was asked to end; they start no more. Any thread. */
    void interrupt() {
        isInterrupted = true;
        ranks.stop();
    }

    private static void listen(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        try {
            while (true) {
                events.add(new Event(host.receive(), null));
            }
        } catch (IOException e) {
            String how = e instanceof EOFException ? "has closed the connection" : "does not answer (" + e + ")";
            events.add(new Event(
                    GroupHost.END + " 1 the launcher of node 0 at " + meeting + " " + how + "; see its output", null));
        }
    }

    private void ping() {
        try {
            while (true) {
                Thread.sleep(GroupHost.PING_EVERY.toMillis());
                host.send(MessageSocket.PING);
            }
        } catch (IOException e) {
            // Whoever receives finds out.
            host.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Outcome react(Event event) throws IOException, InterruptedException {
        Ended ended = event.ended();
        if (ended != null) {
            rankEnded(ended);
            return null;
        }
        String[] words = String.valueOf(event.message()).split(" ", 3);
        String rest = words.length < 3 ? "" : words[2];
        switch (words[0]) {
            case GroupHost.START -> start(Integer.parseInt(words[1]));
            case GroupHost.STOP -> {
                said = String.valueOf(event.message()).substring(GroupHost.STOP.length() + 1);
                err.println("scape-launch: " + said);
                ranks.stop();
                host.send(GroupHost.STOPPED);
            }
            case GroupHost.END -> {
                return new Outcome(Integer.parseInt(words[1]), rest.equals(said) ? "" : rest);
            }
            case GroupHost.REFUSED ->
                throw new IllegalArgumentException(
                        String.valueOf(event.message()).substring(GroupHost.REFUSED.length() + 1));
            default -> throw new IOException("node 0 says " + event.message());
        }
        return null;
    }

    private void start(int next) throws IOException {
        generation = next;
        running.clear();
        LocalRanks started = new LocalRanks(options.grace());
        ranks = started;
        if (isInterrupted) {
            return;
        }
        int worldSize = options.nodes * options.processesPerNode;
        String given = options.address;
        String address = given != null ? given : host.localAddress();
        for (int local = 0; local < options.processesPerNode; local++) {
            int rank = options.nodeRank * options.processesPerNode + local;
            ProcessRank place = new ProcessRank(
                    new ProcessGroup(rank, worldSize, next),
                    local,
                    options.processesPerNode,
                    meeting.host(),
                    meeting.port(),
                    address);
            running.add(rank);
            started.start(
                    program.command(),
                    place,
                    out,
                    err,
                    (which, status) -> events.add(new Event(null, new Ended(next, which, status))));
        }
    }

    private void rankEnded(Ended ended) throws IOException {
        if (ended.generation() != generation || isInterrupted) {
            return;
        }
        running.remove(ended.rank());
        if (ended.status() != 0) {
            host.send(GroupHost.FAILED + " " + generation + " rank " + ended.rank() + " on node " + options.nodeRank
                    + " ended with status " + ended.status() + signal(ended.status()) + "; its output says why");
        } else if (running.isEmpty()) {
            host.send(GroupHost.DONE + " " + generation);
        }
    }

    /** A process that a signal has ended has 128 more as its status. */
    private static String signal(int status) {
        return status > 128 && status < 128 + 65 ? " (signal " + (status - 128) + ")" : "";
    }
}
