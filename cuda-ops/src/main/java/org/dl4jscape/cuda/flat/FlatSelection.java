package org.dl4jscape.cuda.flat;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.dl4jscape.core.compute.SelectionCall;

/**
 * Exact selection of the k largest magnitudes; of equal magnitudes the lowest index wins, NaN counts as larger than infinity.
 *
 * <p>Magnitudes are compared as integers: the bits of a float without its sign order like magnitudes. A sample of evenly
 * spaced values, at most 8192, gives a guess a little below the cut; one pass collects what reaches it, and the selection is
 * made among these; of few values all are. Where fewer than k or too many pass, histograms of 11, 11 and 9 bits over all values find the cut. The sample
 * decides the speed only. Memory: linear in k. Belongs to one thread.
 */
public final class FlatSelection {
    /** Buckets of {@link #histogram}: one for each value of the upper 11 bits of a magnitude. */
    public static final int BUCKETS = 2048;

    private static final int TILE = 1024;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int NAN_KEY = 0x7f800001;
    private static final int SAMPLES = 8192;
    /** Sorting a sample costs some ten times what reading a value does. */
    private static final int VALUES_A_SAMPLE = 64;

    private static final int FEW = 32_768;
    private static final int[] SHIFTS = {20, 9, 0};
    private static final int[] WIDTHS = {11, 11, 9};

    private final float[] tile = new float[TILE];
    private final int[] histogram = new int[BUCKETS];
    private final int[] sample = new int[SAMPLES];
    private int[] keys = new int[0];
    private int[] numbers = new int[0];
    private int above;

    /** Ready to use. */
    public FlatSelection() {}

    /** The integer that orders like the magnitude of a value; every NaN has the largest. */
    public static int key(float value) {
        return Math.min(Float.floatToRawIntBits(value) & MAGNITUDE, NAN_KEY);
    }

    /** Counts the first n values by the upper 11 bits of {@link #key}: {@code counts[key >>> 20]}. */
    public void histogram(FloatBuffer values, int n, IntBuffer counts) {
        countBuckets(new ViewMagnitudes(values, n), 0, 0);
        counts.put(0, histogram, 0, BUCKETS);
    }

    /** Writes the k selected indices of the first n values, ascending, to {@code selected[at ...]}. */
    public void selectLargest(FloatBuffer values, int n, int k, IntBuffer selected, int at) {
        select(new ViewMagnitudes(values, n), k, selected, at);
    }

    /** Selects by the statistic of the call; the global indices are in {@link SelectionCall#selected()}. */
    public void select(SelectionCall call) {
        select(new StatisticMagnitudes(call), call.k, IntBuffer.wrap(call.selected()), 0);
    }

    private void select(Magnitudes source, int k, IntBuffer selected, int at) {
        if (k == 0) {
            return;
        }
        int n = source.length();
        int capacity = n <= FEW ? n : (int) Math.min(n, 2L * k + 4L * TILE);
        reserve(capacity);
        int guess = n <= capacity ? 0 : guess(source, k);
        int count = collect(source, guess, capacity);
        if (count >= k) {
            emit(source, count, k, kthLargest(count, k), selected, at);
        } else {
            emitAll(source, k, search(source, k), selected, at);
        }
    }

    private void reserve(int capacity) {
        if (keys.length < capacity) {
            keys = new int[capacity];
            numbers = new int[capacity];
        }
    }

    /** The key at a rank of the sample that lies six standard deviations beyond the expected one. */
    private int guess(Magnitudes source, int k) {
        int n = source.length();
        int drawn = Math.min(SAMPLES, n / VALUES_A_SAMPLE);
        for (int j = 0; j < drawn; j++) {
            source.read((int) ((long) j * n / drawn), 1, tile);
            sample[j] = key(tile[0]);
        }
        Arrays.sort(sample, 0, drawn);
        double expected = (double) k * drawn / n;
        int rank = (int) (expected + 6 * Math.sqrt(expected) + 8);
        return rank >= drawn ? 0 : sample[drawn - 1 - rank];
    }

    /** Collects what reaches the guess; -1 when it does not fit. */
    private int collect(Magnitudes source, int atLeast, int capacity) {
        float threshold = Float.intBitsToFloat(atLeast);
        int n = source.length();
        int count = 0;
        for (int first = 0; first < n; first += TILE) {
            int length = Math.min(TILE, n - first);
            source.read(first, length, tile);
            for (int j = 0; j < length; j++) {
                // Negated, so that a NaN passes.
                if (!(Math.abs(tile[j]) < threshold)) {
                    int key = key(tile[j]);
                    if (key >= atLeast) {
                        if (count == capacity) {
                            return -1;
                        }
                        keys[count] = key;
                        numbers[count++] = first + j;
                    }
                }
            }
        }
        return count;
    }

    private int kthLargest(int count, int k) {
        int floor = 0;
        int larger = 0;
        for (int level = 0; level < SHIFTS.length; level++) {
            Arrays.fill(histogram, 0);
            int prefix = floor >>> SHIFTS[level] >>> WIDTHS[level];
            for (int j = 0; j < count; j++) {
                countKey(keys[j], level, prefix);
            }
            int bucket = (1 << WIDTHS[level]) - 1;
            while (larger + histogram[bucket] < k) {
                larger += histogram[bucket--];
            }
            floor |= bucket << SHIFTS[level];
        }
        above = larger;
        return floor;
    }

    private void countKey(int key, int level, int prefix) {
        int digits = key >>> SHIFTS[level];
        if (digits >>> WIDTHS[level] == prefix) {
            histogram[digits & (1 << WIDTHS[level]) - 1]++;
        }
    }

    private void emit(Magnitudes source, int count, int k, int cut, IntBuffer selected, int at) {
        int equal = k - above;
        int written = at;
        for (int j = 0; written < at + k && j < count; j++) {
            if (keys[j] > cut || keys[j] == cut && equal-- > 0) {
                selected.put(written++, source.index(numbers[j]));
            }
        }
    }

    /** The exact cut, by histograms over all values; {@code above} are larger. */
    private int search(Magnitudes source, int k) {
        int floor = 0;
        above = 0;
        for (int level = 0; level < SHIFTS.length; level++) {
            countBuckets(source, floor, level);
            int bucket = (1 << WIDTHS[level]) - 1;
            while (above + histogram[bucket] < k) {
                above += histogram[bucket--];
            }
            floor |= bucket << SHIFTS[level];
        }
        return floor;
    }

    private void countBuckets(Magnitudes source, int floor, int level) {
        Arrays.fill(histogram, 0);
        int prefix = floor >>> SHIFTS[level] >>> WIDTHS[level];
        int n = source.length();
        for (int first = 0; first < n; first += TILE) {
            int length = Math.min(TILE, n - first);
            source.read(first, length, tile);
            for (int j = 0; j < length; j++) {
                countKey(key(tile[j]), level, prefix);
            }
        }
    }

    private void emitAll(Magnitudes source, int k, int cut, IntBuffer selected, int at) {
        int equal = k - above;
        int written = at;
        int n = source.length();
        for (int first = 0; first < n; first += TILE) {
            int length = Math.min(TILE, n - first);
            source.read(first, length, tile);
            for (int j = 0; j < length; j++) {
                int key = key(tile[j]);
                if (key > cut || key == cut && equal-- > 0) {
                    selected.put(written++, source.index(first + j));
                }
            }
        }
    }
}
