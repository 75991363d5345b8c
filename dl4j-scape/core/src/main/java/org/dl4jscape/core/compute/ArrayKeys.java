package org.dl4jscape.core.compute;

/** The first values of an array as keys; the position is the index. */
final class ArrayKeys implements KeySource {
    private static final float[] NONE = {};

    private float[] values = NONE;
    private int length;
    private int read;

    /** Points it at an array. */
    ArrayKeys over(float[] array, int n) {
        values = array;
        length = n;
        return this;
    }

    /** Forgets the array, so that it can be collected. */
    void release() {
        values = NONE;
        length = 0;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void rewind() {
        read = 0;
    }

    @Override
    public int next(int[] keys, int[] positions) {
        int n = Math.min(keys.length, length - read);
        for (int j = 0; j < n; j++) {
            keys[j] = KeySource.key(values[read + j]);
            positions[j] = read + j;
        }
        read += n;
        return n;
    }

    @Override
    public boolean collect(int atLeast, Candidates into) {
        float threshold = Float.intBitsToFloat(atLeast);
        float[] source = values;
        int n = length;
        int[] keys = into.keys;
        int[] positions = into.positions;
        int count = 0;
        for (int i = 0; i < n; i++) {
            float magnitude = Math.abs(source[i]);
            // Negated, so that a NaN passes.
            if (!(magnitude < threshold)) {
                int key = KeySource.key(magnitude);
                if (key >= atLeast) {
                    if (count == keys.length) {
                        return false;
                    }
                    keys[count] = key;
                    positions[count++] = i;
                }
            }
        }
        into.count = count;
        return true;
    }
}
