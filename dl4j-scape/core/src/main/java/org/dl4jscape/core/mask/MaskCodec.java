package org.dl4jscape.core.mask;

/**
 * Ascending positions of one shard as bytes, near the entropy bound, and back.
 *
 * <p>The domain is cut into blocks of 65,536 positions. A block is a header (1 byte form, for Golomb-Rice with its parameter
 * in the upper 5 bits; 3 bytes count, little-endian) and its body, in the form that is smallest:
 *
 * <pre>
 *   form 0  EMPTY    no body, count 0
 *   form 1  FULL     no body, count = positions of the block
 *   form 2  BITMAP   one bit a position, lowest bit first: ceil(positions / 8) bytes, 8192 at most
 *   form 3  OFFSETS  two bytes a masked position, little-endian
 *   form 4  RICE     gaps between masked positions, less one, as Rice codes: quotient in unary (ones, then a zero),
 *                    then r bits remainder; padded with zeros to a byte
 * </pre>
 *
 * <p>So the worst case is the bitmap: domain / 8 bytes and 4 bytes a block. At 1 % the Rice form takes about 0.0102 bytes a
 * position (bound 0.0101), at 10 % about 0.0595 (bound 0.0586). Decoding trusts nothing: any malformed input ends in a
 * {@link MaskFormatException}. Allocates nothing; belongs to one thread.
 */
public final class MaskCodec {
    private static final int BLOCK = 1 << 16;
    private static final int HEADER = 4;
    private static final int EMPTY = 0;
    private static final int FULL = 1;
    private static final int BITMAP = 2;
    private static final int OFFSETS = 3;
    private static final int RICE = 4;
    private static final int MAX_RICE_PARAMETER = 16;

    private final MaskReader reader = new MaskReader();

    /** Ready to use. */
    public MaskCodec() {}

    /** Largest number of bytes that any mask of a domain can take. */
    public static int maxEncodedBytes(int domain) {
        return domain / 8 + 1 + HEADER * (domain / BLOCK + 1);
    }

    /**
     * Encodes positions[from .. to), ascending, each in [0, domain).
     *
     * @return one past the last byte written, at most {@code at + maxEncodedBytes(domain)}
     */
    public int encode(int[] positions, int from, int to, int domain, byte[] target, int at) {
        int end = at;
        int j = from;
        for (int base = 0; base < domain; base += Math.min(BLOCK, domain - base)) {
            int length = Math.min(BLOCK, domain - base);
            int first = j;
            while (j < to && positions[j] - base < length) {
                j++;
            }
            end = encodeBlock(positions, first, j, base, length, target, end);
        }
        if (j != to) {
            throw new IllegalArgumentException(
                    "position " + positions[j] + " (expected: ascending and below the domain " + domain + ")");
        }
        return end;
    }

    private static int encodeBlock(int[] positions, int from, int to, int base, int length, byte[] target, int at) {
        int count = to - from;
        int parameter = riceParameter(count, length);
        int form = smallestForm(positions, from, to, base, length, parameter);
        target[at] = (byte) (form | (form == RICE ? parameter << 3 : 0));
        target[at + 1] = (byte) count;
        target[at + 2] = (byte) (count >>> 8);
        target[at + 3] = (byte) (count >>> 16);
        int body = at + HEADER;
        return switch (form) {
            case BITMAP -> writeBitmap(positions, from, to, base, length, target, body);
            case OFFSETS -> writeOffsets(positions, from, to, base, target, body);
            case RICE -> writeRice(positions, from, to, base, parameter, target, body);
            default -> body;
        };
    }

    private static int smallestForm(int[] positions, int from, int to, int base, int length, int parameter) {
        int count = to - from;
        if (count == 0) {
            return EMPTY;
        }
        if (count == length) {
            return FULL;
        }
        long bitmapBits = 8L * ((length + 7) / 8);
        long offsetBits = 16L * count;
        long riceBits = 8 * ((riceBits(positions, from, to, base, parameter) + 7) / 8);
        if (riceBits < bitmapBits && riceBits < offsetBits) {
            return RICE;
        }
        return offsetBits < bitmapBits ? OFFSETS : BITMAP;
    }

    /** The smallest r with 2^r * p &gt;= 0.4812 * (1 - p/2): for geometric gaps of density p no other is shorter. */
    private static int riceParameter(int count, int length) {
        int parameter = 0;
        while (parameter < MAX_RICE_PARAMETER && (long) count << parameter < 0.4812 * (length - 0.5 * count)) {
            parameter++;
        }
        return parameter;
    }

    private static long riceBits(int[] positions, int from, int to, int base, int parameter) {
        long bits = (long) (to - from) * (parameter + 1);
        int previous = base - 1;
        for (int j = from; j < to; j++) {
            bits += positions[j] - previous - 1 >>> parameter;
            previous = positions[j];
        }
        return bits;
    }

    private static int writeBitmap(int[] positions, int from, int to, int base, int length, byte[] target, int at) {
        int end = at + (length + 7) / 8;
        java.util.Arrays.fill(target, at, end, (byte) 0);
        for (int j = from; j < to; j++) {
            int offset = positions[j] - base;
            target[at + (offset >>> 3)] |= (byte) (1 << (offset & 7));
        }
        return end;
    }

    private static int writeOffsets(int[] positions, int from, int to, int base, byte[] target, int at) {
        int end = at;
        for (int j = from; j < to; j++) {
            int offset = positions[j] - base;
            target[end++] = (byte) offset;
            target[end++] = (byte) (offset >>> 8);
        }
        return end;
    }

    private static int writeRice(int[] positions, int from, int to, int base, int parameter, byte[] target, int at) {
        int end = at;
        long buffer = 0;
        int filled = 0;
        int previous = base - 1;
        for (int j = from; j < to; j++) {
            int gap = positions[j] - previous - 1;
            previous = positions[j];
            int ones = gap >>> parameter;
            while (ones > 0) {
                int run = Math.min(ones, 24);
                buffer |= (1L << run) - 1 << filled;
                filled += run;
                ones -= run;
                while (filled >= 8) {
                    target[end++] = (byte) buffer;
                    buffer >>>= 8;
                    filled -= 8;
                }
            }
            buffer |= (long) (gap & (1 << parameter) - 1) << filled + 1;
            filled += parameter + 1;
            while (filled >= 8) {
                target[end++] = (byte) buffer;
                buffer >>>= 8;
                filled -= 8;
            }
        }
        if (filled > 0) {
            target[end++] = (byte) buffer;
        }
        return end;
    }

    /**
     * Decodes source[at .. end) into positions[to ...].
     *
     * @return number of positions
     * @throws MaskFormatException when the bytes are not an encoding of a mask of this domain, or positions has no room
     */
    public int decode(byte[] source, int at, int end, int domain, int[] positions, int to) {
        int read = at;
        int written = to;
        reader.open(source, end, positions);
        for (int base = 0; base < domain; base += Math.min(BLOCK, domain - base)) {
            int length = Math.min(BLOCK, domain - base);
            require(end - read >= HEADER, "truncated in a block header", read);
            int form = source[read] & 7;
            int parameter = (source[read] & 0xff) >>> 3;
            int count = source[read + 1] & 0xff | (source[read + 2] & 0xff) << 8 | (source[read + 3] & 0xff) << 16;
            require(count <= length && count <= positions.length - written, "count " + count + " is too large", read);
            reader.block(read + HEADER, base, length, written, count);
            read = switch (form) {
                case EMPTY -> reader.empty();
                case FULL -> reader.full();
                case BITMAP -> reader.bitmap();
                case OFFSETS -> reader.offsets();
                case RICE -> reader.rice(parameter);
                default -> throw new MaskFormatException("unknown form " + form + " at byte " + read);
            };
            written += count;
        }
        require(read == end, (end - read) + " bytes are left over", read);
        return written - to;
    }

    static void require(boolean valid, String what, int at) {
        if (!valid) {
            throw new MaskFormatException("encoded mask is malformed at byte " + at + ": " + what);
        }
    }
}
