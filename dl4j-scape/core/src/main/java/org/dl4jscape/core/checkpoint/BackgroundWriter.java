package org.dl4jscape.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one rank's checkpoints on a thread of its own, one at a time, so that training pays for the copy only.
 *
 * <p>A write that fails is told by the next call: a training whose checkpoints are lost must not look safe. Used by one
 * thread.
 */
public final class BackgroundWriter implements AutoCloseable {
    private final CheckpointFolder folder;
    private final int keep;
    private final long timeoutNs;
    private final ExecutorService thread;
    private @Nullable Future<?> underWay;

    /**
     * Ready to write.
     *
     * @param folder where to
     * @param keep how many complete checkpoints stay, at least 1
     * @param timeout longest wait for one write, above 0
     */
    public BackgroundWriter(CheckpointFolder folder, int keep, Duration timeout) {
        this.folder = folder;
        this.keep = keep;
        timeoutNs = timeout.toNanos();
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "scape-checkpoint");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /**
     * Hands a checkpoint over, after the one before it is written.
     *
     * @throws UncheckedIOException when the one before it could not be written in time, or at all
     */
    public void submit(Checkpoint checkpoint) {
        await();
        underWay = thread.submit(() -> {
            folder.write(checkpoint);
            if (checkpoint.snapshot().rank() == 0) {
                folder.keepNewest(keep);
            }
            return null;
        });
    }

    private void await() {
        Future<?> last = underWay;
        underWay = null;
        if (last == null) {
            return;
        }
        try {
            last.get(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UncheckedIOException(
                    "a checkpoint could not be written (" + cause
                            + "); free the disk or choose another folder, then resume from the last complete one",
                    cause instanceof IOException io ? io : new IOException(cause));
        } catch (TimeoutException e) {
            throw new UncheckedIOException(new IOException(
                    "a checkpoint was not written within " + TimeUnit.NANOSECONDS.toSeconds(timeoutNs)
                            + " s; use a faster disk or fewer checkpoints",
                    e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was written", e);
        }
    }

    /** Waits for the last write, and ends the thread. */
    @Override
    public void close() {
        try {
            await();
        } finally {
            thread.shutdown();
        }
    }
}
