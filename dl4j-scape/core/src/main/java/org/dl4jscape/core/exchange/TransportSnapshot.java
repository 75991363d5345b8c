package org.dl4jscape.core.exchange;

import java.util.List;
import java.util.Map;

/**
 * What a transport has counted so far, at one moment: immutable, may be kept and handed to any thread.
 *
 * <p>All numbers are this rank's own and lie in its heap, so that reading them is safe whatever has become of the transport.
 *
 * @param bytesSent to other ranks, by kind, with the transport's own headers
 * @param bytesReceived from other ranks, by kind
 * @param framesDropped that changed nothing but a count, by the name of the reason; reasons that did not occur are absent
 * @param phase what the rank was doing, for people: {@code waits in operation 1180}
 * @param peers every other rank, in rank order; empty where a transport has none
 */
public record TransportSnapshot(
        Map<PayloadKind, Long> bytesSent,
        Map<PayloadKind, Long> bytesReceived,
        Map<String, Long> framesDropped,
        String phase,
        List<Peer> peers) {
    /** Copies what may change. */
    public TransportSnapshot {
        bytesSent = Map.copyOf(bytesSent);
        bytesReceived = Map.copyOf(bytesReceived);
        framesDropped = Map.copyOf(framesDropped);
        peers = List.copyOf(peers);
    }

    /**
     * Another rank, as this one sees it.
     *
     * @param rank which
     * @param address where it is, for people
     * @param silentNs nanoseconds since anything was heard of it: the age of its last heartbeat or data
     * @param hasLeft whether it has left the group in order
     * @param backPressure how often a message to it found no room and had to be tried again
     */
    public record Peer(int rank, String address, long silentNs, boolean hasLeft, long backPressure) {}
}
