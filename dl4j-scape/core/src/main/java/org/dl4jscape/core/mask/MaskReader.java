package org.dl4jscape.core.mask;

/**
 * Reads the body of one block of an encoded mask; every method returns the position after it. One reader serves all blocks
 * of a mask, so that decoding allocates nothing.
 */
final class MaskReader {
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
        MaskCodec.require(count == 0, "an empty block has count " + count, at);
        return at;
    }

    int full() {
        MaskCodec.require(count == length, "a full block of " + length + " has count " + count, at);
        for (int j = 0; j < length; j++) {
            positions[written + j] = base + j;
        }
        return at;
    }

    int bitmap() {
        int bytes = (length + 7) / 8;
        MaskCodec.require(end - at >= bytes, "truncated in a bitmap", at);
        int found = 0;
        for (int b = 0; b < bytes; b++) {
            for (int bits = source[at + b] & 0xff; bits != 0; bits &= bits - 1) {
                int offset = 8 * b + Integer.numberOfTrailingZeros(bits);
                MaskCodec.require(found < count && offset < length, "more bits than the count " + count, at);
                positions[written + found++] = base + offset;
            }
        }
        MaskCodec.require(found == count, found + " bits for the count " + count, at);
        return at + bytes;
    }

    int offsets() {
        MaskCodec.require(end - at >= 2 * count, "truncated in offsets", at);
        int previous = -1;
        for (int j = 0; j < count; j++) {
            int offset = source[at + 2 * j] & 0xff | (source[at + 2 * j + 1] & 0xff) << 8;
            MaskCodec.require(
                    offset > previous && offset < length, "offset " + offset + " after " + previous, at + 2 * j);
            positions[written + j] = base + offset;
            previous = offset;
        }
        return at + 2 * count;
    }

    int rice(int parameter) {
        MaskCodec.require(parameter <= 16, "Rice parameter " + parameter, at);
        long bit = 8L * at;
        long endBit = 8L * end;
        int previous = -1;
        for (int j = 0; j < count; j++) {
            int ones = 0;
            while (bit < endBit && bitAt(bit) == 1) {
                ones++;
                bit++;
            }
            MaskCodec.require(bit + 1 + parameter <= endBit, "truncated in a Rice code", at);
            bit++;
            int rest = 0;
            for (int b = 0; b < parameter; b++) {
                rest |= bitAt(bit++) << b;
            }
            long offset = previous + 1L + ((long) ones << parameter) + rest;
            MaskCodec.require(offset < length, "offset " + offset + " in a block of " + length, at);
            positions[written + j] = base + (int) offset;
            previous = (int) offset;
        }
        return (int) ((bit + 7) / 8);
    }

    private int bitAt(long bit) {
        return source[(int) (bit >>> 3)] >>> (int) (bit & 7) & 1;
    }
}
