package org.dl4jscape.core.compute;

/**
 * Magnitudes to select from, as integer keys that order like magnitudes: the float's bits without sign, every NaN as {@link
 * #NAN_KEY}. Each key has a position; positions ascend.
 */
interface KeySource {
    /** Bits of a float but its sign. */
    int MAGNITUDE = 0x7fffffff;
    /** The key of every NaN: above infinity. */
    int NAN_KEY = 0x7f800001;

    /** The key of a value. */
    static int key(float value) {
        return Math.min(Float.floatToRawIntBits(value) & MAGNITUDE, NAN_KEY);
    }

    /** Number of keys. */
    int length();

    /** Starts at the first key again. */
    void rewind();

    /**
     * Writes the next keys and their positions.
     *
     * @return how many, at most the length of either array; 0 at the end
     */
    int next(int[] keys, int[] positions);

    /**
     * Collects all keys that are at least {@code atLeast}, in order.
     *
     * @return whether they fit; if not, what was collected is incomplete
     */
    boolean collect(int atLeast, Candidates into);
}
