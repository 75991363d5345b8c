package org.dl4jscape.dl4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * Deals the batches of one iterator to ranks in turn: batch i goes to rank i mod worldSize, whoever asks first.
 *
 * <p>Thread-safe. Since ranks train in lock-step, at most about worldSize batches wait here.
 */
final class BatchDealer {
    /** Instead of a rank: all are in this JVM and take what they are dealt. */
    static final int EVERY_RANK = -1;

    private final Iterator<?> source;
    private final int wantedRank;
    private final List<Queue<Object>> waiting = new ArrayList<>();
    private int next;

    /** Deals to ranks that are all in this JVM. */
    BatchDealer(Iterator<?> source, int worldSize) {
        this(source, worldSize, EVERY_RANK);
    }

    /**
     * Deals.
     *
     * @param wantedRank the only rank that takes its batches, those of the others are dropped; or {@link #EVERY_RANK}
     */
    BatchDealer(Iterator<?> source, int worldSize, int wantedRank) {
        this.source = source;
        this.wantedRank = wantedRank;
        for (int rank = 0; rank < worldSize; rank++) {
            waiting.add(new ArrayDeque<>());
        }
    }

    /** The batches of one rank. */
    Iterator<Object> of(int rank) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return peek(rank);
            }

            @Override
            public Object next() {
                return take(rank);
            }
        };
    }

    private synchronized boolean peek(int rank) {
        while (waiting.get(rank).isEmpty() && source.hasNext()) {
            Object batch = source.next();
            if (wantedRank == EVERY_RANK || wantedRank == next) {
                waiting.get(next).add(batch);
            }
            next = (next + 1) % waiting.size();
        }
        return !waiting.get(rank).isEmpty();
    }

    private synchronized Object take(int rank) {
        if (!peek(rank)) {
            throw new NoSuchElementException("rank " + rank + " has no batch left");
        }
        return waiting.get(rank).remove();
    }
}
