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

    /** Rank that alone sends, or -1 where all ranks send. */
    int root = -1;

    /** Contributions that the exchange thread has not yet given to the medium. */
    int unsent;

    void begin(long sequence, OperationKind kind, Content content, int signature, int root) {
        this.sequence = sequence;
        this.kind = kind;
        this.content = content;
        this.signature = signature;
        this.root = root;
        this.unsent = 0;
    }

    /** Whether {@code rank} contributes to this operation. */
    boolean expects(int rank) {
        return root < 0 || root == rank;
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
