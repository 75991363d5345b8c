package org.dl4jscape.core.exchange;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counters of one rank's transport, since it was connected.
 *
 * <p>Bytes are those given to the network: payload and the transport's own headers, without those of UDP, IP and Ethernet.
 * An in-process transport counts the payload that a network would carry.
 */
public interface TransportStats {
    /** Bytes sent by this rank to other ranks. */
    long bytesSent(PayloadKind kind);

    /** Bytes received by this rank from other ranks. */
    long bytesReceived(PayloadKind kind);

    /** Everything that is counted, at this moment; any thread, also after the transport has failed or is closed. */
    default TransportSnapshot snapshot() {
        Map<PayloadKind, Long> sent = new EnumMap<>(PayloadKind.class);
        Map<PayloadKind, Long> received = new EnumMap<>(PayloadKind.class);
        for (PayloadKind kind : PayloadKind.values()) {
            sent.put(kind, bytesSent(kind));
            received.put(kind, bytesReceived(kind));
        }
        return new TransportSnapshot(sent, received, Map.of(), "unknown", List.of());
    }
}
