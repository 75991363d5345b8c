package org.dl4jscape.aeron.exchange;

/**
 * One contribution of this rank to one peer.
 *
 * <p>Goes from the training thread to the exchange thread, and comes back when its last chunk has been given to the medium.
 * Whoever holds it owns it; {@code bytes} must not change while the exchange thread holds it.
 */
final class Outbound implements Transfer {
    Operation operation = new Operation();
    int peer;
    byte[] bytes = new byte[0];
    int from;
    int length;

    /** Bytes given to the medium so far. */
    int sent;

    void set(Operation operation, int peer, byte[] bytes, int from, int length) {
        this.operation = operation;
        this.peer = peer;
        this.bytes = bytes;
        this.from = from;
        this.length = length;
        this.sent = 0;
    }
}
