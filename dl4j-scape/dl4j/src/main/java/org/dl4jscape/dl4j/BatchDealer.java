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
    private final Iterator<?> source;
    private final List<Queue<Object>> waiting = new ArrayList<>();
    private int next;

    BatchDealer(Iterator<?> source, int worldSize) {
        this.source = source;
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
            waiting.get(next).add(source.next());
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
