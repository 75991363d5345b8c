package org.dl4jscape.aeron.exchange;

/**
 * Decides whether a contribution to an operation that this rank has not begun may be buffered.
 *
 * <p>Operations that have begun are always received: their end depends on it. For all others the bytes held are at most
 * {@code limitBytes}, and the queue to the training thread keeps room for what this rank itself has under way.
 */
final class ReceiveBudget {
    private static final int RESERVED_SLOTS = ExchangeLink.QUEUE_CAPACITY / 2;

    private final ExchangeLink link;
    private final long limitBytes;
    private long heldBytes;

    ReceiveBudget(ExchangeLink link, long limitBytes) {
        this.link = link;
        this.limitBytes = limitBytes;
    }

    boolean admits(long sequence, int length) {
        if (sequence <= link.startedSequence()) {
            return true;
        }
        return heldBytes + length <= limitBytes && link.events.remainingCapacity() > RESERVED_SLOTS;
    }

    void take(int length) {
        heldBytes += length;
    }

    void giveBack(int length) {
        heldBytes -= length;
    }

    long heldBytes() {
        return heldBytes;
    }
}
