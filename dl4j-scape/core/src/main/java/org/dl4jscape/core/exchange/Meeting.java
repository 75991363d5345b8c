package org.dl4jscape.core.exchange;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of an in-process group meet: a monitor with deadlines, abort and departure. Allocates only for failures.
 *
 * <p>All waits of the group go through {@link #awaitAll}, so that every one of them ends, and says which rank it waited for.
 * What a rank has written before it arrives, or before it counts up, others see after their wait.
 */
final class Meeting {
    private final long timeoutNs;
    private final long[] arrivals;
    private final String[] operations;
    private final boolean[] gone;
    private int abortedRank = -1;
    private @Nullable String abortReason;

    Meeting(int worldSize, long timeoutNs) {
        this.timeoutNs = timeoutNs;
        arrivals = new long[worldSize];
        operations = new String[worldSize];
        gone = new boolean[worldSize];
        java.util.Arrays.fill(operations, "");
    }

    /** Blocks until all ranks have arrived as often as this one; all must name the same operation. */
    synchronized void arrive(int rank, String operation) {
        long turn = arrivals[rank] + 1;
        operations[rank] = operation;
        arrivals[rank] = turn;
        notifyAll();
        awaitAll(rank, operation, arrivals, turn);
        for (int other = 0; other < arrivals.length; other++) {
            if (arrivals[other] == turn && !operations[other].equals(operation)) {
                throw new CollectiveException(
                        "rank " + rank + " called " + operation + " where rank " + other + " called "
                                + operations[other] + "; all ranks must call the same operations in the same order");
            }
        }
    }

    /** Counts one rank up and wakes everybody; {@code counts} is one number a rank, touched under this monitor only. */
    synchronized void countUp(long[] counts, int rank) {
        counts[rank]++;
        notifyAll();
    }

    /** Blocks until the count of every rank has reached {@code turn}. */
    synchronized void awaitAll(int rank, String operation, long[] counts, long turn) {
        long start = System.nanoTime();
        for (int other = 0; other < arrivals.length; other++) {
            while (counts[other] < turn) {
                checkAbort();
                if (gone[other]) {
                    throw new CollectiveException("rank " + other + " left the group before " + operation + " of rank "
                            + rank + " was complete");
                }
                long leftNs = timeoutNs - (System.nanoTime() - start);
                if (leftNs <= 0) {
                    throw new CollectiveTimeoutException(
                            other,
                            "rank " + other + " of " + arrivals.length + " did not come to " + operation + " within "
                                    + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms (waiting: rank " + rank + ")");
                }
                sleep(rank, operation, leftNs);
            }
        }
        checkAbort();
    }

    private void sleep(int rank, String operation, long leftNs) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(leftNs, TimeUnit.MILLISECONDS.toNanos(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectiveException("rank " + rank + " was interrupted in " + operation, e);
        }
    }

    private void checkAbort() {
        String reason = abortReason;
        if (reason != null) {
            throw new RankAbortedException(abortedRank, reason);
        }
    }

    synchronized void abort(int rank, String reason) {
        if (abortReason == null) {
            abortedRank = rank;
            abortReason = reason;
        }
        notifyAll();
    }

    synchronized void leave(int rank) {
        gone[rank] = true;
        notifyAll();
    }
}
