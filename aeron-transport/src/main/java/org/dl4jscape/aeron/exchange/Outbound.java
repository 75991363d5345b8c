package org.dl4jscape.aeron.exchange;

import org.agrona.MutableDirectBuffer;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * One contribution of this rank to one peer: bytes, or values that are encoded while they are sent, so that they are written
 * once.
 *
 * <p>Goes from the training thread to the exchange thread, and comes back when its last chunk has been given to the medium.
 * Whoever holds it owns it; what it points to must not change while the exchange thread holds it.
 */
final class Outbound implements Transfer {
    private static final byte[] NO_BYTES = new byte[0];
    private static final float[] NO_VALUES = new float[0];

    Operation operation = new Operation();
    int peer;

    /** Bytes on the wire. */
    int length;

    /** Bytes given to the medium so far. */
    int sent;

    private byte[] bytes = NO_BYTES;
    private float[] values = NO_VALUES;
    private @Nullable ValueCodec codec;
    private int from;

    void set(Operation operation, int peer, byte[] bytes, int from, int length) {
        begin(operation, peer, from, length);
        this.bytes = bytes;
        values = NO_VALUES;
        codec = null;
    }

    void set(Operation operation, int peer, float[] values, int from, int count, ValueCodec codec) {
        begin(operation, peer, from, count * codec.bytes());
        bytes = NO_BYTES;
        this.values = values;
        this.codec = codec;
    }

    private void begin(Operation next, int to, int first, int byteCount) {
        operation = next;
        peer = to;
        from = first;
        length = byteCount;
        sent = 0;
    }

    /** Writes the {@code count} bytes behind those that are sent, which end at the end of a value. */
    void write(MutableDirectBuffer target, int index, int count, MessageMemory memory) {
        if (codec == null) {
            target.putBytes(index, bytes, from + sent, count);
        } else {
            int first = from + sent / codec.bytes();
            codec.encode(values, first, count / codec.bytes(), memory.of(target), MessageMemory.at(target, index));
        }
    }
}
