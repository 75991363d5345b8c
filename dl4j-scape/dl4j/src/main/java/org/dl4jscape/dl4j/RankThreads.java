package org.dl4jscape.dl4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.RankAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread a rank; when one fails, all end.
 *
 * <p>A training takes as long as it takes, so the wait for the ranks is bounded only from the first failure on: the others
 * have the grace period to notice it, then they are interrupted.
 */
final class RankThreads {
    private static final Logger LOG = LoggerFactory.getLogger(RankThreads.class);

    private final int ranks;
    private final Duration grace;

    RankThreads(int ranks, Duration grace) {
        this.ranks = ranks;
        this.grace = grace;
    }

    /** Runs the work of every rank and returns what they return, in rank order; throws the cause, not an echo of it. */
    <T> List<T> run(IntFunction<T> work) {
        BlockingQueue<Future<T>> ended = new LinkedBlockingQueue<>();
        List<Future<T>> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            int own = rank;
            FutureTask<T> task = new FutureTask<>(() -> work.apply(own)) {
                @Override
                protected void done() {
                    ended.add(this);
                }
            };
            Thread thread = new Thread(task, "scape-rank-" + rank);
            thread.setDaemon(true);
            results.add(task);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        try {
            int left = ranks;
            while (left > 0 && !hasFailed(ended.take())) {
                left--;
            }
            end(threads);
            return results(results);
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            end(threads);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        }
    }

    private static boolean hasFailed(Future<?> ended) throws InterruptedException {
        try {
            ended.get();
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /** Waits for all threads, at most the grace period, then interrupts them and waits as long once more. */
    private void end(List<Thread> threads) {
        boolean interrupted = false;
        for (int attempt = 0; attempt < 2; attempt++) {
            long deadlineNs = System.nanoTime() + grace.toNanos();
            for (Thread thread : threads) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNs - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (threads.stream().noneMatch(Thread::isAlive)) {
                break;
            }
            threads.forEach(Thread::interrupt);
        }
        threads.stream()
                .filter(Thread::isAlive)
                .forEach(thread -> LOG.warn("{} does not end, although it was interrupted", thread.getName()));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> List<T> results(List<Future<T>> ranks) throws InterruptedException {
        List<T> results = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int rank = 0; rank < ranks.size(); rank++) {
            if (!ranks.get(rank).isDone()) {
                failures.add(new CollectiveException("rank " + rank + " did not end after another rank had failed"));
                continue;
            }
            try {
                results.add(ranks.get(rank).get());
            } catch (ExecutionException e) {
                failures.add(e.getCause() == null ? e : e.getCause());
            }
        }
        if (!failures.isEmpty()) {
            throw cause(failures);
        }
        return results;
    }

    /** The failure with the lowest echo level; the others are attached to it. */
    private static RuntimeException cause(List<Throwable> failures) {
        Throwable cause = failures.get(0);
        for (Throwable failure : failures) {
            cause = echoLevel(failure) < echoLevel(cause) ? failure : cause;
        }
        RuntimeException thrown =
                cause instanceof RuntimeException known ? known : new IllegalStateException(cause.toString(), cause);
        for (Throwable failure : failures) {
            if (failure != cause) {
                thrown.addSuppressed(failure);
            }
        }
        return thrown;
    }

    /** What happened on a rank is 0; that another rank is missing is 1; that another rank has said why is 2. */
    private static int echoLevel(Throwable failure) {
        return failure instanceof RankAbortedException ? 2 : failure instanceof CollectiveException ? 1 : 0;
    }
}
