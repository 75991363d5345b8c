package org.dl4jscape.aeron.exchange;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.wire.OperationKind;
import org.dl4jscape.core.pack.EncodedValues;

/**
 * One contribution of one peer, put together from its chunks in whatever order they come.
 *
 * <p>Chunks have one length, so that a bit per chunk tells what is here; a chunk that comes twice changes nothing.
 * Handed to the training thread with its first chunk, filled by the exchange thread while the training thread reads what is
 * here without a gap, and handed back complete, to be used again.
 */
final class Inbound implements Transfer {
    /** What became of a chunk. */
    enum Chunk {
        ADDED,
        COMPLETED,
        DUPLICATE,
        /** It contradicts the first chunk of the contribution, or lies outside of it. */
        MALFORMED
    }

    private final int chunkLength;
    private long[] present = new long[1];
    private int missing;

    /** Chunks from the beginning without a gap. */
    private int leading;

    private volatile int arrived;
    private volatile boolean complete;

    /** Number of the contribution that last needed a good part of the memory; see {@link InboundPool}. */
    long lastNeeded;

    int rank;
    long sequence;
    OperationKind kind = OperationKind.NULL_VAL;
    int signature;
    int length;
    byte[] bytes = new byte[0];

    /** The same memory, for the codec of values. */
    EncodedValues values = EncodedValues.over(bytes);

    /**
     * An empty one.
     *
     * @param chunkLength bytes of every chunk but the last
     */
    Inbound(int chunkLength) {
        this.chunkLength = chunkLength;
    }

    /** Prepares for a contribution of {@code length} bytes; an empty one still consists of one empty chunk. */
    void begin(int rank, long sequence, OperationKind kind, int signature, int length) {
        this.rank = rank;
        this.sequence = sequence;
        this.kind = kind;
        this.signature = signature;
        this.length = length;
        if (bytes.length < length) {
            bytes = new byte[length];
            values = EncodedValues.over(bytes);
        }
        leading = 0;
        arrived = 0;
        complete = false;
        missing = chunksOf(length);
        int words = (missing + 63) >>> 6;
        if (present.length < words) {
            present = new long[words];
        } else {
            Arrays.fill(present, 0, words, 0L);
        }
    }

    /** Takes in the chunk that belongs at {@code position}. */
    Chunk add(int position, int totalLength, DirectBuffer source, int sourceIndex, int chunkBytes) {
        if (!fits(position, totalLength, chunkBytes)) {
            return Chunk.MALFORMED;
        }
        int chunk = position / chunkLength;
        long bit = 1L << chunk;
        if ((present[chunk >>> 6] & bit) != 0) {
            return Chunk.DUPLICATE;
        }
        present[chunk >>> 6] |= bit;
        source.getBytes(sourceIndex, bytes, position, chunkBytes);
        missing--;
        while (leading * (long) chunkLength < length && (present[leading >>> 6] & 1L << leading) != 0) {
            leading++;
        }
        arrived = (int) Math.min(length, leading * (long) chunkLength);
        if (missing > 0) {
            return Chunk.ADDED;
        }
        complete = true;
        return Chunk.COMPLETED;
    }

    /** Bytes that are here, from the beginning without a gap; any thread. */
    int arrived() {
        return arrived;
    }

    /** Whether all is here; any thread. */
    boolean isComplete() {
        return complete;
    }

    private boolean fits(int position, int totalLength, int chunkBytes) {
        if (totalLength != length || position < 0 || position % chunkLength != 0) {
            return false;
        }
        return position <= length
                && (position < length || length == 0)
                && chunkBytes == Math.min(chunkLength, length - position);
    }

    private int chunksOf(int bytesInAll) {
        return bytesInAll == 0 ? 1 : (bytesInAll - 1) / chunkLength + 1;
    }
}
