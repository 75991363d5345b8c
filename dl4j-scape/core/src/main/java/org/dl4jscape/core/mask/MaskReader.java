package org.dl4jscape.core.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the body of one block of an encoded mask; every method returns the position after it. One reader serves all blocks
 * of a mask, so that decoding allocates nothing.
 */
final class MaskReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Bits that one load gives, wherever in a byte it starts. */
    private static final int WINDOW = 56;

    private static final long FULL_WINDOW = (1L << WINDOW) - 1;

    private byte[] source = new byte[0];
    private int end;
    private int[] positions = new int[0];
    private int at;
    private int base;
    private int length;
    private int written;
    private int count;

    /** Names what is read, up to which byte, and where to. */
    void open(byte[] from, int limit, int[] into) {
        source = from;
        end = limit;
        positions = into;
    }

    /** Turns to a block of {@code length} positions from {@code base} on, whose body starts at byte {@code at}. */
    void block(int at, int base, int length, int written, int count) {
        this.at = at;
        this.base = base;
        this.length = length;
        this.written = written;
        this.count = count;
    }

    int empty() {
        MaskCodec.require(count == 0, at, "an empty block has count", count);
        return at;
    }

    int full() {
        MaskCodec.require(count == length, at, "a full block has count", count);
        for (int j = 0; j < length; j++) {
            positions[written + j] = base + j;
        }
        return at;
    }

    int bitmap() {
        int bytes = (length + 7) / 8;
        MaskCodec.require(end - at >= bytes, at, "truncated in a bitmap, bytes left", end - at);
        int found = 0;
        for (int b = 0; b < bytes; b++) {
            for (int bits = source[at + b] & 0xff; bits != 0; bits &= bits - 1) {
                int offset = 8 * b + Integer.numberOfTrailingZeros(bits);
                MaskCodec.require(found < count && offset < length, at, "a bitmap has more bits than its count", count);
                positions[written + found++] = base + offset;
            }
        }
        MaskCodec.require(found == count, at, "a bitmap has fewer bits than its count", count);
        return at + bytes;
    }

    int offsets() {
        MaskCodec.require(end - at >= 2 * count, at, "truncated in offsets, bytes left", end - at);
        int previous = -1;
        for (int j = 0; j < count; j++) {
            int offset = source[at + 2 * j] & 0xff | (source[at + 2 * j + 1] & 0xff) << 8;
            MaskCodec.require(
                    offset > previous && offset < length,
                    at + 2 * j,
                    "not ascending or beyond the block: offset",
                    offset);
            positions[written + j] = base + offset;
            previous = offset;
        }
        return at + 2 * count;
    }

    int rice(int parameter) {
        MaskCodec.require(parameter <= 16, at, "unknown Rice parameter", parameter);
        long bit = 8L * at;
        long endBit = 8L * end;
        int previous = -1;
        for (int j = 0; j < count; j++) {
            long window = bitsFrom(bit);
            long ones = Long.numberOfTrailingZeros(~window);
            while (window == FULL_WINDOW && bit + ones < endBit) {
                window = bitsFrom(bit + ones);
                ones += Long.numberOfTrailingZeros(~window & FULL_WINDOW | FULL_WINDOW + 1);
            }
            bit += ones + 1;
            MaskCodec.require(bit + parameter <= endBit, at, "truncated in the Rice code of position", j);
            long rest = bitsFrom(bit) & (1L << parameter) - 1;
            bit += parameter;
            long offset = previous + 1L + (ones << parameter) + rest;
            MaskCodec.require(offset < length, at, "a gap leads beyond the block, to offset", offset);
            positions[written + j] = base + (int) offset;
            previous = (int) offset;
        }
        return (int) ((bit + 7) / 8);
    }

    /** The next {@link #WINDOW} bits, lowest first; zeros after the end. */
    private long bitsFrom(long bit) {
        int from = (int) (bit >>> 3);
        long bits;
        if (source.length - from >= Long.BYTES) {
            bits = (long) LONGS.get(source, from);
        } else {
            bits = 0;
            for (int b = from; b < source.length; b++) {
                bits |= (source[b] & 0xffL) << 8 * (b - from);
            }
        }
        return bits >>> (int) (bit & 7) & FULL_WINDOW;
    }
}
