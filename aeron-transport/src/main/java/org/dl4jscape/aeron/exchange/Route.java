package org.dl4jscape.aeron.exchange;

import org.agrona.MutableDirectBuffer;

/**
 * The way to one peer and back, for whole messages. A message is written in place: {@link #claim}, fill {@link #buffer}
 * from {@link #offset}, {@link #commit}. Belongs to the exchange thread.
 */
public interface Route {
    /** Whether the peer takes messages now. */
    boolean isOpen();

    /** Bytes of the longest message; the same on both ends. */
    int maxMessageLength();

    /** Bytes that a message of {@code messageLength} bytes takes on the wire, with the medium's own header. */
    int wireLength(int messageLength);

    /**
     * Makes room for one message, or returns false where there is none now.
     *
     * @param messageLength 0 &lt; messageLength &lt;= {@link #maxMessageLength}
     */
    boolean claim(int messageLength);

    /** Where to write the message that was claimed last. */
    MutableDirectBuffer buffer();

    /** Where in {@link #buffer} it begins. */
    int offset();

    /** Sends the message that was claimed last. */
    void commit();

    /**
     * Hands the messages that are here to {@code handler}, at most {@code limit}, until it holds one back.
     *
     * @return number of messages that were taken
     */
    int poll(FrameHandler handler, int limit);

    /**
     * A number that changes whenever anything of the peer has arrived, also what cannot be handed over yet because something
     * before it is missing; 0 where the medium knows nothing of the kind.
     */
    long arrived();

    /** How often {@link #claim} found no room; any thread. */
    default long refusals() {
        return 0;
    }

    /** Where the peer is, for messages to people. */
    String address();
}
