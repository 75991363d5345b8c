package org.dl4jscape.core.compute;

import java.util.Arrays;

/**
 * Exact selection of the k largest magnitudes, without sorting, in time linear in n and memory linear in k.
 *
 * <p>Magnitudes are compared as integers, see {@link KeySource}. Usually one pass is enough: it keeps the candidates above a
 * guess, a little below the cut of the last call, and the selection is made among them. If the guess was bad, so that fewer
 * than k or far more than k passed, histograms over all keys find a better one, 11 bits a pass; after at most three passes
 * (all keys equal in their first 22 bits) the cut is known exactly. The guess decides the speed only.
 */
final class RadixSelector {
    private static final int TILE = 1024;
    /** Values of 11 bits. */
    static final int BUCKETS = 2048;

    private static final int[] SHIFTS = {20, 9, 0};
    private static final int[] WIDTHS = {11, 11, 9};

    private final Candidates candidates = new Candidates();
    private final int[] histogram = new int[BUCKETS];
    private final int[] keys = new int[TILE];
    private final int[] positions = new int[TILE];
    private int above;

    /**
     * Selects.
     *
     * @param k at most the number of keys
     * @param selected receives the positions of the k largest, ascending, from {@code at}
     */
    void select(KeySource source, int k, CutHint hint, int[] selected, int at) {
        if (k == 0) {
            return;
        }
        int capacity = capacity(source.length(), k);
        candidates.reset(capacity);
        int guess = hint.guess();
        boolean fits = guess > 0 && source.collect(guess, candidates);
        if (guess > 0 && !fits) {
            hint.tooManyPassed();
        } else if (fits && candidates.count < k) {
            hint.tooFewPassed();
        }
        if (!fits || candidates.count < k) {
            int floor = search(source, k, capacity);
            candidates.reset(capacity);
            if (!source.collect(floor, candidates)) {
                emitExact(source, k, floor, selected, at);
                hint.found(floor, k, k);
                return;
            }
        }
        int cut = candidates.kthLargest(k);
        hint.found(cut, candidates.count, k);
        candidates.emit(k, cut, selected, at);
    }

    /**
     * Room for candidates: up to seven times k more than k, or a sixteenth of all. To look at more candidates than needed is
     * cheaper than to search for a better guess.
     */
    private static int capacity(int length, int k) {
        return (int) Math.min(length, k + Math.min(7L * k, length / 16) + 1024);
    }

    /** A key that at least k keys reach, and no more than the capacity if there is such a key; else the exact cut. */
    private int search(KeySource source, int k, int capacity) {
        int floor = 0;
        above = 0;
        for (int level = 0; level < SHIFTS.length; level++) {
            int shift = SHIFTS[level];
            countBuckets(source, floor, level);
            int bucket = (1 << WIDTHS[level]) - 1;
            while (above + histogram[bucket] < k) {
                above += histogram[bucket--];
            }
            floor |= bucket << shift;
            if (above + histogram[bucket] <= capacity) {
                return floor;
            }
        }
        return floor;
    }

    /** Counts the keys by their upper 11 bits; what is returned holds until the next call. */
    int[] upperBits(KeySource source) {
        countBuckets(source, 0, 0);
        return histogram;
    }

    /** Counts, by the bits of one level, the keys that agree with the floor above that level. */
    private void countBuckets(KeySource source, int floor, int level) {
        Arrays.fill(histogram, 0);
        int shift = SHIFTS[level];
        int mask = (1 << WIDTHS[level]) - 1;
        int prefix = floor >>> shift >>> WIDTHS[level];
        source.rewind();
        for (int n = source.next(keys, positions); n > 0; n = source.next(keys, positions)) {
            for (int j = 0; j < n; j++) {
                int digits = keys[j] >>> shift;
                if (digits >>> WIDTHS[level] == prefix) {
                    histogram[digits & mask]++;
                }
            }
        }
    }

    /** Too many keys equal the cut to keep them: walks over all keys and takes the first of them; {@code above} are larger. */
    private void emitExact(KeySource source, int k, int cut, int[] selected, int at) {
        int equal = k - above;
        int written = at;
        source.rewind();
        for (int n = source.next(keys, positions); n > 0; n = source.next(keys, positions)) {
            for (int j = 0; j < n; j++) {
                if (keys[j] > cut || keys[j] == cut && equal-- > 0) {
                    selected[written++] = positions[j];
                }
            }
        }
    }
}
