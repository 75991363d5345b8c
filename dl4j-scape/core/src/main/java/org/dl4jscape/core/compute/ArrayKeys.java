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
        for (int from = 0; from < length; from += Candidates.STRIDE) {
            if (into.isFull()) {
                return false;
            }
            into.count = collect(values, from, Math.min(from + Candidates.STRIDE, length), atLeast, into);
        }
        return !into.isFull();
    }

    private static int collect(float[] source, int from, int to, int atLeast, Candidates into) {
        int[] keys = into.keys;
        int[] positions = into.positions;
        int count = into.count;
        for (int i = from; i < to; i++) {
            int key = Float.floatToRawIntBits(source[i]) & MAGNITUDE;
            if (key >= atLeast) {
                keys[count] = Math.min(key, NAN_KEY);
                positions[count++] = i;
            }
        }
        return count;
    }
}
