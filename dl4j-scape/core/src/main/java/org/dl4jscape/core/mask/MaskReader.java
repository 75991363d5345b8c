package org.dl4jscape.core.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the body of one block of an encoded mask; every reading method returns the position after it. One object serves all
 * blocks, so that decoding does not allocate.
 */
final class MaskReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Bits that one load gives, wherever in a byte it starts. */
    private static final int WINDOW = 56;

    private static final long FULL_WINDOW = (1L << WINDOW) - 1;
    private static final byte[] NO_BYTES = {};
    private static final int[] NO_POSITIONS = {};

    private byte[] source = NO_BYTES;
    private int end;
    private int[] positions = NO_POSITIONS;
    private int at;
    private int base;
    private int length;
    private int written;
    private int count;

    /** Points it at encoded bytes that stop before {@code sourceEnd}, and at the array that receives positions. */
    void open(byte[] encoded, int sourceEnd, int[] target) {
        source = encoded;
        end = sourceEnd;
        positions = target;
    }

    /** Forgets both arrays, so that they can be collected. */
    void close() {
        open(NO_BYTES, 0, NO_POSITIONS);
    }

    /**
     * Points it at a block.
     *
     * @param bodyAt where its body starts
     * @param blockBase its first position in the domain
     * @param blockLength its positions
     * @param target where the first of its masked positions is written
     * @param masked how many of them its header claims
     */
    void aim(int bodyAt, int blockBase, int blockLength, int target, int masked) {
        at = bodyAt;
        base = blockBase;
        length = blockLength;
        written = target;
        count = masked;
    }

    int empty() {
        if (count != 0) {
            throw MaskCodec.malformed("an empty block has count " + count, at);
        }
        return at;
    }

    int full() {
        if (count != length) {
            throw MaskCodec.malformed("a full block of " + length + " has count " + count, at);
        }
        for (int j = 0; j < length; j++) {
            positions[written + j] = base + j;
        }
        return at;
    }

    int bitmap() {
        int bytes = (length + 7) / 8;
        if (end - at < bytes) {
            throw MaskCodec.malformed("truncated in a bitmap", at);
        }
        int found = 0;
        for (int b = 0; b < bytes; b++) {
            for (int bits = source[at + b] & 0xff; bits != 0; bits &= bits - 1) {
                int offset = 8 * b + Integer.numberOfTrailingZeros(bits);
                if (found >= count || offset >= length) {
                    throw MaskCodec.malformed("more bits than the count " + count, at);
                }
                positions[written + found++] = base + offset;
            }
        }
        if (found != count) {
            throw MaskCodec.malformed(found + " bits for the count " + count, at);
        }
        return at + bytes;
    }

    int offsets() {
        if (end - at < 2 * count) {
            throw MaskCodec.malformed("truncated in offsets", at);
        }
        int previous = -1;
        for (int j = 0; j < count; j++) {
            int offset = source[at + 2 * j] & 0xff | (source[at + 2 * j + 1] & 0xff) << 8;
            if (offset <= previous || offset >= length) {
                throw MaskCodec.malformed("offset " + offset + " after " + previous, at + 2 * j);
            }
            positions[written + j] = base + offset;
            previous = offset;
        }
        return at + 2 * count;
    }

    int rice(int parameter) {
        if (parameter > 16) {
            throw MaskCodec.malformed("Rice parameter " + parameter, at);
        }
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
            if (bit + parameter > endBit) {
                throw MaskCodec.malformed("truncated in a Rice code", at);
            }
            long rest = bitsFrom(bit) & (1L << parameter) - 1;
            bit += parameter;
            long offset = previous + 1L + (ones << parameter) + rest;
            if (offset >= length) {
                throw MaskCodec.malformed("offset " + offset + " in a block of " + length, at);
            }
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
