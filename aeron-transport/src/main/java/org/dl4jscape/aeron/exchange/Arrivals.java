package org.dl4jscape.aeron.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.agrona.collections.Long2ObjectHashMap;
import org.dl4jscape.aeron.wire.OperationKind;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * The training thread's side of the exchange: hands out what is to be sent, keeps what has come, and waits.
 *
 * <p>Every wait ends: all is here, this rank has failed, a peer that is needed has left, the thread is interrupted, or
 * the deadline is over. The last four become the failure of this rank. Confined to the training thread.
 */
final class Arrivals {
    private static final int SPINS = 50;
    private static final long PARK_NS = 1_000_000;
    private static final long QUEUE_PARK_NS = 20_000;
    private static final double NS_PER_SECOND = 1e9;

    private static final Consumption NOTHING = () -> false;

    private final ProcessGroup group;
    private final ExchangeLink link;
    private final long timeoutNs;
    private final IntFunction<String> addresses;
    private final List<Long2ObjectHashMap<Inbound>> here = new ArrayList<>();
    private final ArrayDeque<Outbound> spare = new ArrayDeque<>();
    private final int[] unsentTo;

    Arrivals(ProcessGroup group, ExchangeLink link, long timeoutNs, IntFunction<String> addresses) {
        this.group = group;
        this.link = link;
        this.timeoutNs = timeoutNs;
        this.addresses = addresses;
        unsentTo = new int[group.worldSize()];
        for (int rank = 0; rank < group.worldSize(); rank++) {
            here.add(new Long2ObjectHashMap<>());
        }
    }

    /** What is done with contributions while they come. */
    @FunctionalInterface
    interface Consumption {
        /** Works on what has come since the last call; returns whether there was anything. */
        boolean advance();
    }

    /** Hands a contribution to the exchange thread; {@code bytes} must not change until {@link #await} has returned. */
    void send(Operation operation, int peer, byte[] bytes, int from, int length) {
        Outbound outbound = spare.isEmpty() ? new Outbound() : spare.pop();
        outbound.set(operation, peer, bytes, from, length);
        send(operation, outbound);
    }

    /** As the other; the exchange thread encodes the values while it sends. */
    void send(Operation operation, int peer, float[] values, int from, int count, ValueCodec codec) {
        Outbound outbound = spare.isEmpty() ? new Outbound() : spare.pop();
        outbound.set(operation, peer, values, from, count, codec);
        send(operation, outbound);
    }

    private void send(Operation operation, Outbound outbound) {
        operation.unsent++;
        unsentTo[outbound.peer]++;
        submit(operation, outbound);
        link.wakeExchange();
    }

    /** Returns when all contributions to {@code operation} are here and its own are sent. */
    void await(Operation operation) {
        await(operation, NOTHING);
    }

    /** As the other; {@code consumption} has worked on all contributions when it returns. */
    void await(Operation operation, Consumption consumption) {
        long beganNs = System.nanoTime();
        int idle = 0;
        link.waiting(Thread.currentThread());
        link.wakeExchange();
        try {
            while (true) {
                boolean progress = drain();
                int missing = missing(operation);
                progress |= consumption.advance();
                if (missing < 0) {
                    return;
                }
                throwIfFailed(operation.kind, operation.sequence);
                if (Thread.currentThread().isInterrupted()) {
                    throw fail(
                            Failure.other("interrupted while " + group + " waited for " + operation.describe(), null),
                            operation);
                }
                int late = responsible(operation, missing);
                if (hasLeftTooEarly(operation, missing, late) && !drain() && missing(operation) == missing) {
                    throw fail(departure(link.hasLeft(missing) ? missing : late), operation);
                }
                if (System.nanoTime() - beganNs > timeoutNs) {
                    throw fail(Failure.timeout(late, lateness(operation, missing)), operation);
                }
                idle = progress ? 0 : idle + 1;
                pause(idle);
            }
        } finally {
            link.waiting(null);
        }
    }

    /**
     * As {@link #take}, where the length is known.
     *
     * @throws CollectiveException when the contribution has another
     */
    Inbound received(Operation operation, int rank, long expectedBytes) {
        return requireLength(operation, take(operation, rank), expectedBytes);
    }

    /**
     * The contribution of {@code rank} as far as it has come; null before its first chunk.
     *
     * @throws CollectiveException when it has another length
     */
    @Nullable
    Inbound arriving(Operation operation, int rank, long expectedBytes) {
        Inbound inbound = here.get(rank).get(operation.sequence);
        return inbound == null ? null : requireLength(operation, inbound, expectedBytes);
    }

    private Inbound requireLength(Operation operation, Inbound inbound, long expectedBytes) {
        int rank = inbound.rank;
        if (inbound.length != expectedBytes) {
            throw fail(
                    Failure.other(
                            "rank " + rank + " sent " + inbound.length + " bytes for " + operation.describe()
                                    + " (expected: " + expectedBytes + ")",
                            null),
                    operation);
        }
        return inbound;
    }

    /** Hands out the contribution of {@code rank}, which {@link #await} has found to be here. */
    Inbound take(Operation operation, int rank) {
        return here.get(rank).remove(operation.sequence);
    }

    /** Gives the memory of a contribution back to the exchange thread. */
    void giveBack(Operation operation, Inbound inbound) {
        submit(operation, inbound);
    }

    /** Throws the failure of this rank, if there is one, to the caller of an operation. */
    void throwIfFailed(OperationKind kind, long sequence) {
        Failure failure = link.failure();
        if (failure != null) {
            throw failure.toException(Operation.describe(kind, sequence));
        }
    }

    /** Makes {@code failure} the reason of this rank, unless there is one; returns the reason, to be thrown. */
    CollectiveException fail(Failure failure, Operation operation) {
        link.fail(failure);
        Failure first = link.failure();
        return (first == null ? failure : first).toException(operation.describe());
    }

    /** Content that others hand on is late because of where it comes from: the ranks between would be late themselves. */
    private int responsible(Operation operation, int missing) {
        boolean handedOn = operation.origin >= 0 && operation.expects(missing) && !isHere(operation, missing);
        return handedOn ? operation.origin : missing;
    }

    /** A rank that has left has sent everything up to its last operation; only what it hands on may still be under way. */
    private boolean hasLeftTooEarly(Operation operation, int missing, int late) {
        return link.hasLeft(missing) || link.hasLeft(late) && link.leftAfter.get(late) - 2 < operation.sequence;
    }

    private boolean isHere(Operation operation, int rank) {
        Inbound inbound = here.get(rank).get(operation.sequence);
        return inbound != null && inbound.isComplete();
    }

    private Failure departure(int rank) {
        return Failure.lost(
                rank,
                "rank " + rank + " of " + group.worldSize() + " left the group after operation "
                        + (link.leftAfter.get(rank) - 2) + " and does not take part");
    }

    private void submit(Operation operation, Transfer transfer) {
        long beganNs = System.nanoTime();
        while (!link.commands.offer(transfer)) {
            throwIfFailed(operation.kind, operation.sequence);
            if (System.nanoTime() - beganNs > timeoutNs
                    || Thread.currentThread().isInterrupted()) {
                String how = Thread.currentThread().isInterrupted() ? "was interrupted" : "waited in vain";
                throw fail(Failure.other(group + " " + how + " for room in its queue of commands", null), operation);
            }
            link.wakeExchange();
            LockSupport.parkNanos(QUEUE_PARK_NS);
        }
    }

    private boolean drain() {
        boolean any = false;
        Transfer transfer = link.events.poll();
        while (transfer != null) {
            any = true;
            if (transfer instanceof Outbound outbound) {
                outbound.operation.unsent--;
                unsentTo[outbound.peer]--;
                spare.push(outbound);
            } else if (transfer instanceof Inbound inbound) {
                here.get(inbound.rank).put(inbound.sequence, inbound);
            }
            transfer = link.events.poll();
        }
        return any;
    }

    /** The first rank whose contribution is missing, or that has not taken ours; -1 when all is done. */
    private int missing(Operation operation) {
        int missing = -1;
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank == group.rank()) {
                continue;
            }
            if (operation.expects(rank)) {
                Inbound inbound = here.get(rank).get(operation.sequence);
                if (inbound != null) {
                    requireSame(operation, inbound);
                }
                if (missing < 0 && !isHere(operation, rank)) {
                    missing = rank;
                }
            }
            if (missing < 0 && operation.unsent > 0 && unsentTo[rank] > 0) {
                missing = rank;
            }
        }
        return missing;
    }

    private void requireSame(Operation operation, Inbound inbound) {
        if (inbound.kind != operation.kind || inbound.signature != operation.signature) {
            String theirs = Operation.nameOf(inbound.kind);
            String difference = inbound.kind == operation.kind
                    ? theirs + " of another shape, precision, kind or root (" + inbound.length + " bytes for this rank)"
                    : theirs;
            throw fail(
                    Failure.other(
                            "rank " + inbound.rank + " called " + difference + " where rank " + group.rank()
                                    + " called " + operation.describe()
                                    + "; all ranks must call the same operations in the same order",
                            null),
                    operation);
        }
    }

    private String lateness(Operation operation, int rank) {
        long now = System.nanoTime();
        boolean delivers = operation.expects(rank) && !isHere(operation, rank);
        int late = responsible(operation, rank);
        return String.format(
                Locale.ROOT,
                "rank %d of %d did not %s %s within %.3f s (last heard %.3f s ago, %s)",
                late,
                group.worldSize(),
                delivers ? "deliver" : "accept",
                operation.describe() + (late == rank ? "" : " by way of rank " + rank),
                timeoutNs / NS_PER_SECOND,
                (now - link.lastHeardNs.get(late)) / NS_PER_SECOND,
                addresses.apply(late));
    }

    private static void pause(int idle) {
        if (idle < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PARK_NS);
        }
    }
}
