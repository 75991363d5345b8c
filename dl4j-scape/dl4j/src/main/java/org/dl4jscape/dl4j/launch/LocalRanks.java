package org.dl4jscape.dl4j.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    private static final long KILLED_WITHIN_S = 10;

    private final List<Process> processes = new ArrayList<>();
    private final List<Thread> printers = new ArrayList<>();
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
            List<Thread> own = List.of(
                    print(process.getInputStream(), out, "[rank " + rank + "] "),
                    print(process.getErrorStream(), err, "[rank " + rank + "] "));
            printers.addAll(own);
            process.onExit().thenAccept(ended -> listener.ended(rank, ended.exitValue()));
        }
    }

    private static final java.io.File NOTHING = new java.io.File("/dev/null");

    private static Thread print(InputStream from, PrintStream to, String prefix) {
        Thread thread = new Thread(() -> copyLines(from, to, prefix), "scape-launch-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Bytes are passed on as they are: a charset that maps every byte to a character and back. */
    private static void copyLines(InputStream from, PrintStream to, String prefix) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] bytes = (prefix + line + System.lineSeparator()).getBytes(StandardCharsets.ISO_8859_1);
                synchronized (to) {
                    to.write(bytes, 0, bytes.length);
                    to.flush();
                }
            }
        } catch (IOException ignored) {
            // the rank is gone, and what it had to say with it
        }
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
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                return false;
            }
        }
        return true;
    }
}
