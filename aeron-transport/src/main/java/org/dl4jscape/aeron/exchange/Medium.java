package org.dl4jscape.aeron.exchange;

import java.util.List;

/**
 * What carries messages between one rank and its peers: Aeron UDP, Aeron IPC, TCP.
 *
 * <p>Its life: {@link #open}, then {@link #introduce} when the rendezvous is over, then {@link #work} and the {@link
 * #route routes} in turns, then {@link #close}. All of it on one thread, the exchange thread; nothing may block longer
 * than milliseconds once {@code open} has returned.
 *
 * <p>A medium delivers each message whole, once, and in the order in which it was sent; what it cannot deliver it
 * reports to the {@link LossListener}.
 */
public interface Medium extends AutoCloseable {
    /** The name by which a user chooses it: {@code aeron}, {@code tcp}. */
    String name();

    /** What an operator should check where a peer is not heard, as a question. */
    String hint();

    /**
     * Opens a door for each peer.
     *
     * @param losses told of peers that can no longer be reached
     * @return what the peers must know to come in: one line, at most 4096 characters
     * @throws org.dl4jscape.core.exchange.CollectiveException when the machine lacks what is needed, with the remedy
     */
    String open(LossListener losses);

    /**
     * Begins to connect to all peers.
     *
     * @param lines what each rank's {@link #open} returned, in rank order
     * @throws org.dl4jscape.core.exchange.CollectiveException when a line does not belong to this group, naming its rank
     */
    void introduce(List<String> lines);

    /** The way to and from one peer; usable once {@link #open} has returned. */
    Route route(int rank);

    /** Goes on with whatever is under way; returns how much was done, 0 for nothing. */
    int work();

    /** Frees everything; also what a failed {@link #open} left. */
    @Override
    void close();
}
