package org.dl4jscape.core.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Memory in which encoded values lie, for {@link ValueCodec}: little-endian, at any place.
 *
 * <p>Keeps a view for each alignment, so that fp32 is copied whole and nothing is allocated later. Has no position: threads
 * that keep to different places do not disturb one another.
 */
public final class EncodedValues {
    private final ByteBuffer bytes;
    private final FloatBuffer[] floats = new FloatBuffer[Float.BYTES];

    private EncodedValues(ByteBuffer memory) {
        bytes = memory.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
        for (int shift = 0; shift < floats.length; shift++) {
            int from = Math.min(shift, bytes.capacity());
            floats[shift] = bytes.slice(from, bytes.capacity() - from)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
        }
    }

    /** Over all bytes of a buffer, whatever its position, limit and order. */
    public static EncodedValues over(ByteBuffer memory) {
        return new EncodedValues(memory);
    }

    /** Over all bytes of an array. */
    public static EncodedValues over(byte[] memory) {
        return new EncodedValues(ByteBuffer.wrap(memory));
    }

    void putFloats(int at, float[] source, int from, int count) {
        floats[at & 3].put(at >>> 2, source, from, count);
    }

    void getFloats(int at, float[] target, int from, int count) {
        floats[at & 3].get(at >>> 2, target, from, count);
    }

    void putShort(int at, short value) {
        bytes.putShort(at, value);
    }

    short getShort(int at) {
        return bytes.getShort(at);
    }
}
