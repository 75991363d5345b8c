package org.dl4jscape.examples.cli;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Waits at its end until no task runs any more. Where one rank fails, Spark gives the job up at once; a context that is stopped while
 * the other ranks are still ending has messages under way that nobody takes, and Scala prints a stack trace for each.
 *
 * @param spark to be stopped afterwards
 */
record RunningTasks(JavaSparkContext spark) implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_MS = 20;

    /** How many looks in a row must find none, since a task reports its end after it has ended. */
    private static final int LOOKS = 5;

    @Override
    public void close() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int idle = 0;
        while (idle < LOOKS && System.nanoTime() < deadlineNs) {
            SparkExecutorInfo[] executors = spark.sc().statusTracker().getExecutorInfos();
            idle = Arrays.stream(executors)
                                    .mapToInt(SparkExecutorInfo::numRunningTasks)
                                    .sum()
                            == 0
                    ? idle + 1
                    : 0;
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
