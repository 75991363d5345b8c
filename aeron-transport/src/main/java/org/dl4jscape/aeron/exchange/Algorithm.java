package org.dl4jscape.aeron.exchange;

import java.util.Locale;

/**
 * The way in which values travel between the ranks. Every algorithm adds in rank order, so all give the same bits.
 *
 * <p>The same on all ranks; ranks that differ find out at their first operation.
 */
public enum Algorithm {
    /** By the rule of {@link #gathersByRing} and {@link #sumsByChain}. */
    AUTO,
    /** Every rank sends to every other what that one needs, once. */
    DIRECT,
    /** Values go from neighbour to neighbour; see {@link RingAlgorithm}. */
    RING;

    /** Bytes of all shards together from which {@link #AUTO} takes the ring. */
    static final long RING_BYTES_MIN = 4L * 1024 * 1024;

    /** Ranks from which {@link #AUTO} takes the ring: below, no more than six senders meet at one receiver. */
    static final int RING_WORLD_SIZE_MIN = 8;

    /**
     * Whether values that all ranks need go round the ring.
     *
     * <p>Both algorithms bring the same bytes to every rank of an all-gather. Direct exchange has the latency of one
     * message and the ring that of N - 1: with 4 ranks it was up to 1.8 times as fast below a megabyte, and neither was ahead
     * by much above ({@code tests/benchmarks/transport algorithms}). With many ranks and large contents
     * N - 1 senders would meet at one port of the network, each with a window of its own; in the ring one does.
     */
    boolean gathersByRing(int worldSize, long totalBytes) {
        return switch (this) {
            case AUTO -> worldSize >= RING_WORLD_SIZE_MIN && totalBytes >= RING_BYTES_MIN;
            case DIRECT -> false;
            case RING -> worldSize > 1;
        };
    }

    /**
     * Whether sums are made on the way, along the chain of ranks.
     *
     * <p>Never by {@link #AUTO}: a sum in rank order has to pass the ranks in that order, so rank 1 of N receives 2N - 3
     * shards where direct exchange brings N - 1 to every rank, and partial sums must travel in fp32.
     */
    boolean sumsByChain(int worldSize) {
        return this == RING && worldSize > 1;
    }

    /** Reads the name of an algorithm, in any case. */
    static Algorithm parse(String name, String text) {
        for (Algorithm algorithm : values()) {
            if (algorithm.name().equals(text.toUpperCase(Locale.ROOT))) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException(name + "=" + text + " (expected: auto, direct or ring)");
    }
}
