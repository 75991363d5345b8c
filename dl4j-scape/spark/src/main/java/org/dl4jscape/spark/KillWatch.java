package org.dl4jscape.spark;

import org.apache.spark.TaskContext;
import org.dl4jscape.core.exchange.Collectives;

/** Ends a rank's waits when Spark has killed its task, which Spark itself says only to those who ask. */
final class KillWatch implements AutoCloseable {
    private static final long POLL_MS = 100;

    private final Thread thread;

    KillWatch(TaskContext context, Collectives collectives) {
        thread = new Thread(() -> watch(context, collectives), "scape-kill-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(TaskContext context, Collectives collectives) {
        try {
            while (!context.isInterrupted()) {
                Thread.sleep(POLL_MS);
            }
            collectives.abort("Spark has killed the task of partition " + context.partitionId());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
