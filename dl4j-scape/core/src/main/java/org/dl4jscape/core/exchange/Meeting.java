package org.dl4jscape.core.exchange;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of an in-process group meet: a monitor with deadlines, abort and departure.
 *
 * <p>All waits of the group go through {@link #awaitAll}, so that every one of them ends, and says which rank it waited for.
 */
final class Meeting {
    private final long timeoutNs;
    private final long[] arrivals;
    private final String[] operations;
    private final boolean[] gone;
    private final Ready arrived;
    private int abortedRank = -1;
    private @Nullable String abortReason;

    Meeting(int worldSize, long timeoutNs) {
        this.timeoutNs = timeoutNs;
        arrivals = new long[worldSize];
        operations = new String[worldSize];
        gone = new boolean[worldSize];
        arrived = (other, turn) -> arrivals[other] >= turn;
        java.util.Arrays.fill(operations, "");
    }

    /** The condition of one rank that a caller waits for, in its given turn; made once, so that waiting does not allocate. */
    @FunctionalInterface
    interface Ready {
        boolean of(int rank, long turn);
    }

    /** Blocks until all ranks have arrived as often as this one; all must name the same operation. */
    synchronized void arrive(int rank, String operation) {
        long turn = arrivals[rank] + 1;
        operations[rank] = operation;
        arrivals[rank] = turn;
        notifyAll();
        awaitAll(rank, operation, turn, arrived);
        for (int other = 0; other < arrivals.length; other++) {
            if (arrivals[other] == turn && !operations[other].equals(operation)) {
                throw new CollectiveException(
                        "rank " + rank + " called " + operation + " where rank " + other + " called "
                                + operations[other] + "; all ranks must call the same operations in the same order");
            }
        }
    }

    /** Runs a change of shared state under the monitor and wakes everybody. */
    synchronized void publish(Runnable change) {
        change.run();
        notifyAll();
    }

    /** Whether a condition on shared state holds now. */
    synchronized boolean holds(BooleanSupplier condition) {
        return condition.getAsBoolean();
    }

    /** Blocks until the condition holds for every rank. */
    synchronized void awaitAll(int rank, String operation, long turn, Ready ready) {
        long start = System.nanoTime();
        for (int other = 0; other < arrivals.length; other++) {
            while (!ready.of(other, turn)) {
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
