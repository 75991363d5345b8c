package org.dl4jscape.core.exchange;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.UnaryOperator;

/** Byte counters by kind; written by one thread or many, read by any. */
public final class CountedBytes implements TransportStats {
    private final AtomicLongArray sent = new AtomicLongArray(PayloadKind.values().length);
    private final AtomicLongArray received = new AtomicLongArray(PayloadKind.values().length);

    private final UnaryOperator<TransportSnapshot> completion;

    /** Counters at zero. */
    public CountedBytes() {
        this(UnaryOperator.identity());
    }

    /**
     * Counters at zero, of a transport that counts more than bytes.
     *
     * @param completion adds to a snapshot of the bytes what else is known; called by any thread
     */
    public CountedBytes(UnaryOperator<TransportSnapshot> completion) {
        this.completion = completion;
    }

    @Override
    public TransportSnapshot snapshot() {
        return completion.apply(TransportStats.super.snapshot());
    }

    /** Adds bytes that went to other ranks. */
    public void addSent(PayloadKind kind, long bytes) {
        sent.addAndGet(kind.ordinal(), bytes);
    }

    /** Adds bytes that came from other ranks. */
    public void addReceived(PayloadKind kind, long bytes) {
        received.addAndGet(kind.ordinal(), bytes);
    }

    @Override
    public long bytesSent(PayloadKind kind) {
        return sent.get(kind.ordinal());
    }

    @Override
    public long bytesReceived(PayloadKind kind) {
        return received.get(kind.ordinal());
    }
}
