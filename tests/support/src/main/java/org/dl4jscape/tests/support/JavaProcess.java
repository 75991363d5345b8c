package org.dl4jscape.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A JVM with the class path of this one, whose output is kept in a file; it ends with {@link #close} at the latest.
 *
 * <p>Used by one thread.
 */
public final class JavaProcess implements AutoCloseable {
    private static final long POLL_MS = 10;
    private static final int TAIL = 4000;

    private final String name;
    private final Process process;
    private final Path output;

    private JavaProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a JVM.
     *
     * @param name by which failures call it
     * @param output file for its standard output and error
     * @param jvmOptions before the class name
     * @param environment added to this process's
     * @param mainClass what runs
     * @param arguments of its main method
     */
    public static JavaProcess start(
            String name,
            Path output,
            List<String> jvmOptions,
            Map<String, String> environment,
            Class<?> mainClass,
            String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(name, builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits until a condition holds that this process brings about; fails when it ends before, or is late. */
    public void await(String what, Duration timeout, BooleanSupplier condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended with status " + process.exitValue() + " before " + what
                        + "; its output: " + output());
            }
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError(
                        name + " did not come to " + what + " within " + timeout + "; its output: " + output());
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** Waits for the end and returns the exit status; fails when it is late. */
    public int awaitExit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError(name + " still runs after " + timeout + "; its output: " + output());
        }
        return process.exitValue();
    }

    /** SIGKILL: no shutdown hook runs. */
    public void kill() {
        process.destroyForcibly();
    }

    /** What it has written so far; of a long output the end. */
    public String output() {
        try {
            String text = Files.readString(output);
            return text.length() <= TAIL ? text : "... " + text.substring(text.length() - TAIL);
        } catch (IOException e) {
            return "none, since " + e;
        }
    }

    /** The value of the last output line {@code key=value}; fails when there is none. */
    public String value(String key) {
        String found = null;
        try {
            for (String line : Files.readAllLines(output)) {
                if (line.startsWith(key + "=")) {
                    found = line.substring(key.length() + 1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found == null) {
            throw new AssertionError(name + " has not written " + key + "=..; its output: " + output());
        }
        return found;
    }

    /** Ends the process and its children, whatever they do. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
