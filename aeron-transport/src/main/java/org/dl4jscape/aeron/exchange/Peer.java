package org.dl4jscape.aeron.exchange;

import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;

/** One other rank, as the exchange thread sees it. Confined to that thread. */
final class Peer {
    final int rank;
    final Route route;

    /** Payload bytes of every chunk but the last. */
    final int chunkLength;

    /** Contributions that wait to be sent, first in first out. */
    final ArrayDeque<Outbound> outgoing = new ArrayDeque<>();

    /** Below the messages that go to it. */
    final MessageMemory outgoingMemory = new MessageMemory();

    /** Contributions that are being received, by operation. */
    final Long2ObjectHashMap<Inbound> incoming = new Long2ObjectHashMap<>();

    /** Contributions that the training thread gave back. */
    final InboundPool spare;

    /** Its last contribution that is complete; what is older is a duplicate. */
    long completedSequence = -1;

    /** When anything was last sent to this peer. */
    long lastSentNs;

    /** How long to wait before the next frame without content; doubles up to the heartbeat interval. */
    long quietNs;

    /** This rank does not take its next message yet, because the buffer for operations to come is full. */
    boolean heldBack;

    /** What {@link Route#arrived} said last. */
    long arrived;

    boolean heard;
    boolean reached;
    boolean owesLeaveSeen;
    boolean leaveSeen;
    boolean abortSent;

    Peer(int rank, Route route) {
        this.rank = rank;
        this.route = route;
        chunkLength = MessageWriter.chunkLength(route.maxMessageLength());
        spare = new InboundPool(chunkLength);
    }

    /** Whether both directions have worked, even if the peer has left since. */
    boolean hasConnected() {
        reached |= route.isOpen();
        return heard && reached;
    }
}
