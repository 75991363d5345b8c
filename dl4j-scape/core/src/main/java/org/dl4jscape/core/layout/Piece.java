package org.dl4jscape.core.layout;

/**
 * What one rank owns of one bucket.
 *
 * @param bucket index of the bucket
 * @param rank the owner
 * @param range global positions
 * @param localStart position of its first parameter in the owner's shard
 */
public record Piece(int bucket, int rank, IndexRange range, int localStart) {
    /** Global position minus local position. */
    public int shift() {
        return range.start() - localStart;
    }
}
