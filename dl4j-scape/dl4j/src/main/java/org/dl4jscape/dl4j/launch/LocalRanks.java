package org.dl4jscape.dl4j.launch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The rank processes of one node in one generation. Their output is passed on line by line, each with the rank in front.
 *
 * <p>{@link #stop} may be called by any thread, also by a shutdown hook; everything else by one.
 */
final class LocalRanks {
    /** Learns that a rank has ended; called on any thread. */
    interface Listener {
        void ended(int rank, int status);
    }

    private static final File NOTHING = new File("/dev/null");
    private static final int LONGEST_LINE = 1 << 14;
    private static final long KILLED_WITHIN_S = 10;

    private final List<Process> processes = new ArrayList<>();
    private final List<Thread> printers = new ArrayList<>();
    private final List<CompletableFuture<Void>> watched = new ArrayList<>();
    private final Duration grace;
    private boolean isStopping;

    /**
     * None yet.
     *
     * @param grace how long a rank has between the request to end and its kill
     */
    LocalRanks(Duration grace) {
        this.grace = grace;
    }

    /**
     * Starts one more rank.
     *
     * @throws IOException when the command cannot be started
     */
    void start(List<String> command, ProcessRank place, PrintStream out, PrintStream err, Listener listener)
            throws IOException {
        int rank = place.group().rank();
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(NOTHING));
        Map<String, String> environment = builder.environment();
        environment.putAll(place.environment());
        // As many threads as cores in every rank would stand in each other's way.
        environment.putIfAbsent("OMP_NUM_THREADS", "1");
        synchronized (this) {
            if (isStopping) {
                return;
            }
            Process process = builder.start();
            processes.add(process);
            printers.add(print(process.getInputStream(), out, rank));
            printers.add(print(process.getErrorStream(), err, rank));
            watched.add(process.onExit().thenAccept(ended -> listener.ended(rank, ended.exitValue())));
        }
    }

    private static Thread print(InputStream from, PrintStream to, int rank) {
        byte[] prefix = ("[rank " + rank + "] ").getBytes(StandardCharsets.US_ASCII);
        Thread thread = new Thread(() -> copyLines(from, to, prefix), "scape-launch-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** A line ends with a line feed, a carriage return, as of a progress bar, or where it is too long to wait for its end. */
    private static void copyLines(InputStream from, PrintStream to, byte[] prefix) {
        try (InputStream in = new BufferedInputStream(from)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int before = 0;
            for (int one = in.read(); one >= 0; one = in.read()) {
                boolean isEnd = one == '\n' || one == '\r';
                if (!isEnd) {
                    line.write(one);
                }
                if (isEnd && !(one == '\n' && before == '\r') || line.size() == LONGEST_LINE) {
                    copyLine(line, to, prefix);
                }
                before = one;
            }
            if (line.size() > 0) {
                copyLine(line, to, prefix);
            }
        } catch (IOException ignored) {
            // the rank is gone, and what it had to say with it
        }
    }

    private static void copyLine(ByteArrayOutputStream line, PrintStream to, byte[] prefix) {
        synchronized (to) {
            to.write(prefix, 0, prefix.length);
            to.write(line.toByteArray(), 0, line.size());
            to.println();
            to.flush();
        }
        line.reset();
    }

    /** Waits until what ended ranks have written is passed on; at most some seconds, since a child may keep the pipe open. */
    void awaitOutput() throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILLED_WITHIN_S);
        for (Thread printer : printers) {
            TimeUnit.NANOSECONDS.timedJoin(printer, deadlineNs - System.nanoTime());
        }
    }

    /** Asks all ranks and their children to end, kills those that have not after the grace; no rank runs afterwards. */
    void stop() {
        List<ProcessHandle> all = new ArrayList<>();
        synchronized (this) {
            isStopping = true;
            for (Process process : processes) {
                // Children first: once their parent is gone, nobody knows whose they were.
                Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                        .forEach(all::add);
            }
        }
        all.forEach(ProcessHandle::destroy);
        boolean ended = await(all, grace.toNanos());
        if (!ended) {
            all.forEach(ProcessHandle::destroyForcibly);
            await(all, TimeUnit.SECONDS.toNanos(KILLED_WITHIN_S));
        }
    }

    private static boolean await(List<ProcessHandle> all, long nanos) {
        long deadlineNs = System.nanoTime() + nanos;
        for (ProcessHandle one : all) {
            try {
                one.onExit().get(Math.max(1, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException | TimeoutException e) {
                return false;
            }
        }
        return true;
    }
}
