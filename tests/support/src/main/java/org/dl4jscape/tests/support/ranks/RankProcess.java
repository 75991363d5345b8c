package org.dl4jscape.tests.support.ranks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.tests.support.faults.Signal;
import org.jspecify.annotations.Nullable;

/** A JVM that runs {@link RankProgram}: it may take part in many groups, one after the other. Used by one thread. */
public final class RankProcess implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;
    private final Path errors;
    private final Writer toRank;
    private final Thread reader;
    private final Object seat = new Object();
    private @Nullable BlockingQueue<RankEvent> events;
    private int rank = -1;
    private boolean ready;

    private RankProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        toRank = process.outputWriter(StandardCharsets.UTF_8);
        reader = new Thread(this::read, "rank-reader-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a JVM and returns at once.
     *
     * @param prefix command that runs the JVM in another place, such as a network namespace; may be empty
     * @param folder for its temporary files and its errors
     */
    public static RankProcess start(List<String> prefix, Path folder) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-cp", RankClassPath.get(), RankProgram.class.getName()));
        try {
            Path errors = Files.createTempFile(folder, "rank-", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            return new RankProcess(process, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long atNs = System.nanoTime();
                if (line.equals(READY)) {
                    synchronized (seat) {
                        ready = true;
                        seat.notifyAll();
                    }
                } else {
                    tell(line.split("\t", -1), atNs);
                }
            }
        } catch (IOException ignored) {
            // the JVM is gone, as the next line tells
        }
        tell(new String[] {RankEvent.ENDED}, System.nanoTime());
    }

    private void tell(String[] fields, long atNs) {
        synchronized (seat) {
            if (events != null) {
                events.add(new RankEvent(rank, fields, atNs));
            }
        }
    }

    /** Waits until the JVM is up. */
    void awaitReady(long deadlineNs) throws InterruptedException {
        synchronized (seat) {
            while (!ready) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (leftMs <= 0 || !process.isAlive()) {
                    throw new AssertionError("a rank's JVM did not start; its errors: " + errors());
                }
                seat.wait(Math.min(leftMs, 100));
            }
        }
    }

    void join(int newRank, BlockingQueue<RankEvent> queue, RankJob job) {
        synchronized (seat) {
            rank = newRank;
            events = queue;
        }
        send("join\t" + newRank + "\t" + job.toLine());
    }

    void lines(List<String> lines) {
        send("lines\t" + String.join("\t", lines));
    }

    private void send(String line) {
        try {
            toRank.write(line + "\n");
            toRank.flush();
        } catch (IOException e) {
            tell(new String[] {RankEvent.ENDED}, System.nanoTime());
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal; a killed process is waited for. */
    public void signal(Signal signal) throws InterruptedException {
        if (signal == Signal.KILL) {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        } else {
            signal.send(pid());
        }
    }

    /** Bytes of memory that the system has given to it. */
    public long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(kib -> 1024 * Long.parseLong(kib))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote to standard error. */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return "none, since " + e;
        }
    }

    /** Ends it, whatever it does. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            Files.deleteIfExists(errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
