package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.FetchFailed;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.exchange.RankAbortedException;

/**
 * How the tasks of one barrier stage ended, from Spark's events: whether a rank raised, or was lost.
 *
 * <p>When an executor is lost the survivors notice it too, mostly before Spark does; that their exception comes first must not
 * make it look like a failure of theirs. So the tasks are waited for, and what a rank raised by itself decides.
 */
final class StageTasks extends SparkListener implements AutoCloseable {
    private static final String PROPERTY = "scape.stage";
    /** Events come a little later than the exception; a job that was refused before it began has none. */
    private static final long EVENTS_NS = TimeUnit.SECONDS.toNanos(10);

    private final SparkContext context;
    private final String name = UUID.randomUUID().toString();
    private final Set<Long> running = new HashSet<>();
    private final List<TaskEndReason> failures = new ArrayList<>();
    private int job = -1;
    private int stage = -1;
    private boolean over;

    /** Listens to the next job of this thread. */
    StageTasks(SparkContext context) {
        this.context = context;
        context.addSparkListener(this);
        context.setLocalProperty(PROPERTY, name);
    }

    @Override
    public void close() {
        context.setLocalProperty(PROPERTY, null);
        context.removeSparkListener(this);
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart event) {
        Properties properties = event.properties();
        if (properties != null && name.equals(properties.getProperty(PROPERTY))) {
            job = event.jobId();
            // The stage of the result is made after those it depends on.
            event.stageInfos().foreach(info -> stage = Math.max(stage, info.stageId()));
        }
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd event) {
        over |= event.jobId() == job;
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart event) {
        if (event.stageId() == stage) {
            running.add(event.taskInfo().taskId());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.stageId() == stage) {
            running.remove(event.taskInfo().taskId());
            if (!(event.reason() instanceof Success$)) {
                failures.add(event.reason());
            }
        }
    }

    /**
     * Whether ranks were lost, and none raised; waits until all have ended, so that none of them still writes.
     *
     * @param timeoutNs longest wait; a rank that still runs then is no lost one
     */
    boolean lost(long timeoutNs) {
        long start = System.nanoTime();
        while (!ended()) {
            long waited = System.nanoTime() - start;
            if (raised() || waited > timeoutNs || waited > EVENTS_NS && !begun()) {
                return false;
            }
            Restarts.pause();
        }
        return !raised() && gone();
    }

    private synchronized boolean begun() {
        return job >= 0;
    }

    private synchronized boolean ended() {
        return over && running.isEmpty();
    }

    private synchronized boolean raised() {
        return failures.stream().anyMatch(StageTasks::raised);
    }

    private synchronized boolean gone() {
        return failures.stream().anyMatch(StageTasks::gone);
    }

    private static boolean raised(TaskEndReason reason) {
        return reason instanceof ExceptionFailure failure
                && !Set.of(
                                PeerLostException.class.getName(),
                                RankAbortedException.class.getName(),
                                CollectiveTimeoutException.class.getName(),
                                CollectiveException.class.getName())
                        .contains(failure.className())
                && !failure.className().startsWith("org.apache.spark.");
    }

    private static boolean gone(TaskEndReason reason) {
        return reason instanceof ExecutorLostFailure
                || reason instanceof FetchFailed
                || reason instanceof ExceptionFailure failure
                        && failure.className().equals(PeerLostException.class.getName());
    }
}
