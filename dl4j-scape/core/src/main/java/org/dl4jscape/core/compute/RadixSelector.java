package org.dl4jscape.core.compute;

import java.util.Arrays;

/**
 * Exact selection of the k largest magnitudes, without sorting, in time linear in n.
 *
 * <p>Magnitudes are compared as integers (the float's bits without sign). A first pass keeps the candidates above a guess, the
 * cut of the last call lowered by a margin: few are kept and most values are read once. If the guess was too high, the
 * candidates are all values. Then the k-th largest key is found among the candidates, byte by byte from the top, by
 * histograms; and candidates above it, and the first ones equal to it, are the selection. The guess decides the speed only.
 */
final class RadixSelector {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int NAN_KEY = 0x7f800001;
    /** A quarter of an octave below the last cut. */
    private static final int MARGIN = 1 << 21;

    private final int[] histogram = new int[256];
    private int[] keys = new int[0];
    private int[] positions = new int[0];
    private int[] active = new int[0];
    private int guess;

    void select(float[] values, int n, int k, int[] selected, int at) {
        if (k == 0) {
            return;
        }
        int candidates = collect(values, n, guess);
        if (candidates < k) {
            candidates = collect(values, n, 0);
        }
        int cut = kthLargest(candidates, k);
        guess = Math.max(0, cut - MARGIN);
        emit(candidates, k, cut, selected, at);
    }

    private int collect(float[] values, int n, int atLeast) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            int key = Float.floatToRawIntBits(values[i]) & MAGNITUDE;
            if (key >= atLeast) {
                if (count == keys.length) {
                    grow(n);
                }
                keys[count] = Math.min(key, NAN_KEY);
                positions[count++] = i;
            }
        }
        return count;
    }

    private void grow(int n) {
        int capacity = Math.min(n, Math.max(1024, 2 * keys.length));
        capacity = Math.max(capacity, keys.length + 1);
        keys = Arrays.copyOf(keys, capacity);
        positions = Arrays.copyOf(positions, capacity);
        active = new int[capacity];
    }

    private int kthLargest(int candidates, int k) {
        System.arraycopy(keys, 0, active, 0, candidates);
        int left = candidates;
        int wanted = k;
        int prefix = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            Arrays.fill(histogram, 0);
            for (int j = 0; j < left; j++) {
                histogram[active[j] >>> shift & 0xff]++;
            }
            int digit = 255;
            while (histogram[digit] < wanted) {
                wanted -= histogram[digit--];
            }
            int kept = 0;
            for (int j = 0; j < left; j++) {
                if ((active[j] >>> shift & 0xff) == digit) {
                    active[kept++] = active[j];
                }
            }
            left = kept;
            prefix |= digit << shift;
        }
        return prefix;
    }

    private void emit(int candidates, int k, int cut, int[] selected, int at) {
        int above = 0;
        for (int j = 0; j < candidates; j++) {
            above += keys[j] > cut ? 1 : 0;
        }
        int equal = k - above;
        int written = at;
        for (int j = 0; j < candidates; j++) {
            if (keys[j] > cut || keys[j] == cut && equal-- > 0) {
                selected[written++] = positions[j];
            }
        }
    }
}
