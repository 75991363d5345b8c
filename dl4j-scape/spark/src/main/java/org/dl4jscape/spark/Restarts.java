package org.dl4jscape.spark;

import java.time.Duration;
import org.apache.spark.SparkContext;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How often a fit is begun again after an executor was lost, and how long its slots may take to come back.
 *
 * @param most restarts of one fit, at least 0
 * @param timeoutNs deadline of the lost ranks' end, and of the slots, above 0
 */
record Restarts(int most, long timeoutNs) {
    /** Instead of a number: as many as is usual with checkpoints, none without. */
    static final int BY_CHECKPOINTS = -1;

    private static final int WITH_CHECKPOINTS = 3;
    private static final long POLL_MS = 100;

    static Restarts of(int most, long timeoutNs, @Nullable CheckpointPolicy checkpoints) {
        int usual = checkpoints == null ? 0 : WITH_CHECKPOINTS;
        return new Restarts(most == BY_CHECKPOINTS ? usual : most, timeoutNs);
    }

    /**
     * Waits until the ranks can run at the same time.
     *
     * @throws IllegalStateException when they cannot in time, or the thread was interrupted
     */
    void awaitSlots(SparkContext context, int ranks) {
        long start = System.nanoTime();
        int slots = ClusterCheck.slots(context);
        while (slots < ranks) {
            if (System.nanoTime() - start > timeoutNs) {
                throw new IllegalStateException("an executor was lost, and after " + Duration.ofNanos(timeoutNs)
                        + " there are " + slots + " task slots (expected: >= ranks=" + ranks
                        + "); raise restartTimeout, or start executors and run the program again");
            }
            pause();
            slots = ClusterCheck.slots(context);
        }
    }

    /** A short sleep between two looks. */
    static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a lost executor was waited for", e);
        }
    }
}
