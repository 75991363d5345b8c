package org.dl4jscape.core.exchange;

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
}
