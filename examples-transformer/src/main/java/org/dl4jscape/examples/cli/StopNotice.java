package org.dl4jscape.examples.cli;

import java.nio.file.Path;

/** Says what is left of a run that Ctrl-C, or another signal, ends before its time. */
final class StopNotice implements AutoCloseable {
    private final Thread hook;

    /** From now on until {@link #close()}. */
    StopNotice(Path out) {
        hook = new Thread(
                () -> System.err.println(
                        "\npretrain: stopped; " + out + " has no result, but checkpoints: go on with --resume " + out),
                "stop-notice");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the JVM is on its way out, so that what fails now fails because of that. */
    static boolean isStopping() {
        Thread probe = new Thread(() -> {}, "probe");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Override
    public void close() {
        if (!isStopping()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
