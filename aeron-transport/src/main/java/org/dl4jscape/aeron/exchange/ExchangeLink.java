package org.dl4jscape.aeron.exchange;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * All that the training thread and the exchange thread of one rank share: two queues, and flags that only grow.
 *
 * <p>Progress: nothing here blocks. Each side wakes the other where that one may be parked.
 */
final class ExchangeLink {
    /** Slots of each queue; the exchange thread stops receiving before its queue is full. */
    static final int QUEUE_CAPACITY = 4096;

    /** From the training thread: contributions to send, and contributions that were consumed. */
    final OneToOneConcurrentArrayQueue<Transfer> commands = new OneToOneConcurrentArrayQueue<>(QUEUE_CAPACITY);

    /** From the exchange thread: contributions that are complete, and contributions that were sent. */
    final OneToOneConcurrentArrayQueue<Transfer> events = new OneToOneConcurrentArrayQueue<>(QUEUE_CAPACITY);

    /** By rank: when the exchange thread last received anything, by the nanosecond clock. */
    final AtomicLongArray lastHeardNs;

    /** By rank: 2 + number of the last operation of a rank that has left (-1: none); 0 while it is here. */
    final AtomicLongArray leftAfter;

    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> abortReason = new AtomicReference<>();
    private volatile @Nullable Thread waiter;
    private volatile @Nullable Thread exchangeThread;
    private volatile long startedSequence = -1;
    private volatile boolean leaving;

    ExchangeLink(int worldSize) {
        lastHeardNs = new AtomicLongArray(worldSize);
        leftAfter = new AtomicLongArray(worldSize);
    }

    /** Keeps the first failure and wakes the training thread. */
    void fail(Failure first) {
        failure.compareAndSet(null, first);
        wakeTraining();
    }

    @Nullable
    Failure failure() {
        return failure.get();
    }

    /** Asks the exchange thread to tell all peers; the first reason counts. */
    void abort(int rank, String reason) {
        if (abortReason.compareAndSet(null, reason)) {
            fail(Failure.aborted(rank, reason));
            wakeExchange();
        }
    }

    @Nullable
    String abortReason() {
        return abortReason.get();
    }

    /** The operations up to this one have been begun by the training thread. */
    long startedSequence() {
        return startedSequence;
    }

    void started(long sequence) {
        startedSequence = sequence;
    }

    /** What this rank is doing, for people; any thread. */
    String phase() {
        String operation = "operation " + startedSequence;
        if (failure.get() != null) {
            return "failed in " + operation;
        }
        if (leaving) {
            return "left after " + operation;
        }
        return (isTrainingWaiting() ? "waits in " : "computes after ") + operation;
    }

    void leave() {
        leaving = true;
        wakeExchange();
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean hasLeft(int rank) {
        return leftAfter.get(rank) != 0;
    }

    void waiting(@Nullable Thread thread) {
        waiter = thread;
    }

    boolean isTrainingWaiting() {
        return waiter != null;
    }

    void exchangeRuns(Thread thread) {
        exchangeThread = thread;
    }

    /** Called after an event was put in the queue; the fence keeps the look at the waiter behind it. */
    void wakeTraining() {
        VarHandle.fullFence();
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    void wakeExchange() {
        Thread thread = exchangeThread;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
