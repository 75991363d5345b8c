package org.dl4jscape.aeron;

import io.aeron.ExclusivePublication;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** One other rank, as the exchange thread sees it. Confined to that thread. */
final class Peer {
    final int rank;

    /** Contributions that wait to be sent, first in first out. */
    final ArrayDeque<Outbound> outgoing = new ArrayDeque<>();

    /** Contributions that are being received, by operation. */
    final Long2ObjectHashMap<Inbound> incoming = new Long2ObjectHashMap<>();

    /** Contributions that the training thread gave back. */
    final ArrayDeque<Inbound> spare = new ArrayDeque<>();

    @Nullable
    ExclusivePublication publication;

    /** Where it listens, for messages. */
    String address = "not known yet";

    /** Its last contribution that is complete; what is older is a duplicate. */
    long completedSequence = -1;

    /** When anything was last given to Aeron for this peer. */
    long lastSentNs;

    /** How long to wait before the next frame without content; doubles up to the heartbeat interval. */
    long quietNs;

    /** This rank does not take its next message yet, because the buffer for operations to come is full. */
    boolean heldBack;

    boolean heard;
    private boolean connected;
    boolean owesLeaveSeen;
    boolean leaveSeen;
    boolean abortSent;

    Peer(int rank) {
        this.rank = rank;
    }

    /** Whether both directions have worked; once true it stays so, even if the peer has left since. */
    boolean hasConnected() {
        ExclusivePublication out = publication;
        if (!connected && out != null) {
            connected = heard && out.isConnected();
        }
        return connected;
    }
}
