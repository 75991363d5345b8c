package org.dl4jscape.aeron.exchange;

import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.exchange.RankAbortedException;
import org.jspecify.annotations.Nullable;

/**
 * Why this rank cannot go on: the first thing that went wrong. Every operation that fails throws a fresh exception of
 * it, so that each has the stack of its own caller.
 *
 * @param kind which exception it becomes
 * @param rank the rank concerned, or -1
 * @param text the sentence, or the reason of an abort
 * @param cause what was thrown below, if anything
 */
record Failure(Kind kind, int rank, String text, @Nullable Throwable cause) {
    /** Which exception a failure becomes. */
    enum Kind {
        TIMEOUT,
        ABORTED,
        LOST,
        OTHER
    }

    static Failure timeout(int rank, String text) {
        return new Failure(Kind.TIMEOUT, rank, text, null);
    }

    static Failure aborted(int rank, String reason) {
        return new Failure(Kind.ABORTED, rank, reason, null);
    }

    static Failure lost(int rank, String text) {
        return new Failure(Kind.LOST, rank, text, null);
    }

    static Failure other(String text, @Nullable Throwable cause) {
        return new Failure(Kind.OTHER, -1, text, cause);
    }

    /**
     * A fresh exception.
     *
     * @param phase what this rank is doing
     */
    CollectiveException toException(String phase) {
        return switch (kind) {
            case TIMEOUT -> new CollectiveTimeoutException(rank, text);
            case ABORTED -> new RankAbortedException(rank, text);
            case LOST -> new PeerLostException(rank, phase, text + "; this rank was in " + phase);
            case OTHER -> cause == null ? new CollectiveException(text) : new CollectiveException(text, cause);
        };
    }
}
