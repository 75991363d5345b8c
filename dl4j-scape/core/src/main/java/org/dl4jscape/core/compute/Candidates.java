package org.dl4jscape.core.compute;

import java.util.Arrays;

/** Keys that may be among the k largest, with their positions: first collected, then searched for the k-th largest. */
final class Candidates {
    private static final int BUCKETS = 2048;
    private static final int BUCKET_BITS = 11;

    /** Collected keys, the first {@link #count}. */
    int[] keys = new int[0];
    /** Their positions, ascending. */
    int[] positions = new int[0];
    /** How many were collected. */
    int count;

    private int[] active = new int[0];
    private final int[] histogram = new int[BUCKETS];

    /** Empty, with room for that many. */
    void reset(int capacity) {
        count = 0;
        if (keys.length < capacity) {
            keys = new int[capacity];
            positions = new int[capacity];
            active = new int[capacity];
        }
    }

    /** Takes one more; whether there was room. */
    boolean add(int key, int position) {
        if (count == keys.length) {
            return false;
        }
        keys[count] = key;
        positions[count++] = position;
        return true;
    }

    /** The k-th largest key, by histograms from the top bits down; 1 &lt;= k &lt;= count. */
    int kthLargest(int k) {
        int low = Integer.MAX_VALUE;
        int high = 0;
        for (int j = 0; j < count; j++) {
            low = Math.min(low, keys[j]);
            high = Math.max(high, keys[j]);
        }
        System.arraycopy(keys, 0, active, 0, count);
        int left = count;
        int wanted = k;
        int shift = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(high - low) - BUCKET_BITS);
        while (true) {
            Arrays.fill(histogram, 0);
            for (int j = 0; j < left; j++) {
                histogram[active[j] - low >>> shift]++;
            }
            int bucket = BUCKETS - 1;
            while (histogram[bucket] < wanted) {
                wanted -= histogram[bucket--];
            }
            if (shift == 0) {
                return low + bucket;
            }
            left = keepBucket(left, low, shift, bucket);
            low += bucket << shift;
            shift = Math.max(0, shift - BUCKET_BITS);
        }
    }

    private int keepBucket(int left, int low, int shift, int bucket) {
        int kept = 0;
        for (int j = 0; j < left; j++) {
            int key = active[j];
            active[kept] = key;
            kept += key - low >>> shift == bucket ? 1 : 0;
        }
        return kept;
    }

    /** Writes the positions of the k largest, of keys equal to the cut the first ones. */
    void emit(int k, int cut, int[] selected, int at) {
        int above = 0;
        for (int j = 0; j < count; j++) {
            above += keys[j] > cut ? 1 : 0;
        }
        int equal = k - above;
        int written = at;
        for (int j = 0; written < at + k; j++) {
            // Written before it is known to be wanted: a branch here would be guessed wrongly too often.
            selected[written] = positions[j];
            int wanted = cut - keys[j] >>> 31;
            if (keys[j] == cut && equal > 0) {
                equal--;
                wanted = 1;
            }
            written += wanted;
        }
    }
}
