package org.dl4jscape.core.layout;

/**
 * The positions start &lt;= i &lt; end.
 *
 * @param start first position, at least 0
 * @param end one past the last position, at least start
 */
public record IndexRange(int start, int end) {
    /** Checks the order. */
    public IndexRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("range [" + start + ", " + end + ") (expected: 0 <= start <= end)");
        }
    }

    /** Number of positions. */
    public int length() {
        return end - start;
    }

    /** The positions that are in both; empty at this range's start where they do not meet. */
    public IndexRange intersect(IndexRange other) {
        int from = Math.max(start, other.start);
        int to = Math.min(end, other.end);
        return from < to ? new IndexRange(from, to) : new IndexRange(start, start);
    }
}
