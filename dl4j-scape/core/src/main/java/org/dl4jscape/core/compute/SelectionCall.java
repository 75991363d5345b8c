package org.dl4jscape.core.compute;

import java.util.Arrays;

/**
 * Operands of {@link Kernels#select}: one set of coordinates that compete for a place in the mask, usually the sparse blocks
 * of one piece. Made once per set and used again, so that a step allocates nothing once the arrays have grown.
 *
 * <p>It also keeps what an implementation learned about the set in earlier calls; that decides the speed, never the result.
 */
public final class SelectionCall {
    /** Operands of the statistic; its range is set by the kernels. */
    public StatisticCall statistic = new StatisticCall();
    /** How many coordinates are wanted, 0 &lt;= k &lt;= {@link #length()}. */
    public int k;

    /** Where the last cut was, for implementations that scan with a guess. */
    final CutHint hint = new CutHint();

    private final int[] ranges;
    private final int length;
    private int[] selected = new int[0];
    private float[] values = new float[0];

    /**
     * A set of coordinates.
     *
     * @param ranges global indices: start and end of each range in turn, ascending, not overlapping
     */
    public SelectionCall(int... ranges) {
        this.ranges = ranges.clone();
        int sum = 0;
        for (int r = 0; r < ranges.length; r += 2) {
            if (ranges[r + 1] < ranges[r] || r > 0 && ranges[r] < ranges[r - 1]) {
                throw new IllegalArgumentException(
                        "ranges=" + Arrays.toString(ranges) + " (expected: start and end in turn, ascending)");
            }
            sum += ranges[r + 1] - ranges[r];
        }
        length = sum;
    }

    /** Number of ranges. */
    public int rangeCount() {
        return ranges.length / 2;
    }

    /** First global index of a range. */
    public int start(int range) {
        return ranges[2 * range];
    }

    /** One past the last global index of a range. */
    public int end(int range) {
        return ranges[2 * range + 1];
    }

    /** Number of coordinates in all ranges. */
    public int length() {
        return length;
    }

    /** The result: the first k are the selected global indices, ascending. Has room for k. */
    public int[] selected() {
        if (selected.length < k) {
            selected = new int[Math.min(length, k + k / 8)];
        }
        return selected;
    }

    /** Room for the statistic of all ranges, for implementations that write it down. */
    float[] values() {
        if (values.length < length) {
            values = new float[length];
        }
        return values;
    }
}
