package org.dl4jscape.aeron.exchange;

import org.dl4jscape.aeron.wire.Content;
import org.dl4jscape.aeron.wire.OperationKind;

/**
 * One collective operation of this rank, as both threads see it.
 *
 * <p>The training thread writes the fields before it hands out the first {@link Outbound}; the exchange thread only
 * reads them. Counters of progress belong to the training thread. Reused when nothing of the operation is under way any
 * more.
 */
final class Operation {
    /** Number of the operation, the same on all ranks. */
    long sequence = -1;

    OperationKind kind = OperationKind.BARRIER;
    Content content = Content.CONTROL;

    /** Digest of what all ranks must agree on. */
    int signature;

    /** First rank that contributes, and the one behind the last. */
    private int expectedFrom;

    private int expectedTo = Integer.MAX_VALUE;

    /** The rank whose content is awaited where another hands it on; -1: whoever contributes. */
    int origin = -1;

    /** Contributions that the exchange thread has not yet given to the medium. */
    int unsent;

    /** Begins an operation to which all ranks contribute. */
    void begin(long sequence, OperationKind kind, Content content, int signature) {
        this.sequence = sequence;
        this.kind = kind;
        this.content = content;
        this.signature = signature;
        this.unsent = 0;
        expectRange(0, Integer.MAX_VALUE);
    }

    /** Only ranks {@code from <= rank < to} contribute. */
    void expectRange(int from, int to) {
        expectedFrom = from;
        expectedTo = to;
        origin = -1;
    }

    /** Only {@code rank} contributes, with what came from {@code origin}. */
    void expectFrom(int rank, int origin) {
        expectRange(rank, rank + 1);
        this.origin = origin;
    }

    /** Nothing is awaited any more, except that this rank's own contributions are sent. */
    void expectNobody() {
        expectRange(0, 0);
    }

    /** Whether {@code rank} contributes to this operation. */
    boolean expects(int rank) {
        return rank >= expectedFrom && rank < expectedTo;
    }

    /** The operation in the words of a message: {@code reduce-scatter (operation 1180)}. */
    String describe() {
        return describe(kind, sequence);
    }

    static String describe(OperationKind kind, long sequence) {
        return nameOf(kind) + " (operation " + sequence + ")";
    }

    static String nameOf(OperationKind kind) {
        return switch (kind) {
            case REDUCE_SCATTER -> "reduce-scatter";
            case ALL_GATHER -> "all-gather";
            case BLOCK_GATHER -> "block all-gather";
            case BROADCAST -> "broadcast";
            case BARRIER -> "barrier";
            case NULL_VAL -> "unknown operation";
        };
    }
}
