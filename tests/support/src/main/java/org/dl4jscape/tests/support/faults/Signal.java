package org.dl4jscape.tests.support.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Signals to a process of this user. */
public enum Signal {
    /** It stops where it is, until {@link #CONT}. */
    STOP,
    /** It goes on. */
    CONT,
    /** It is gone; nothing of it runs any more. */
    KILL;

    private static final long LIMIT_S = 10;

    /** Sends it; returns when the system has delivered it, which for {@code STOP} is when the process is stopped. */
    public void send(long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(LIMIT_S, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name() + " " + pid + " failed; does the process run?");
            }
            for (int i = 0; this == STOP && !isStopped(pid); i++) {
                if (i == LIMIT_S * 1000) {
                    throw new IllegalStateException("process " + pid + " does not stop");
                }
                Thread.sleep(1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + name() + " to " + pid, e);
        }
    }

    /** Whether a process is stopped by a signal. */
    public static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }
}
