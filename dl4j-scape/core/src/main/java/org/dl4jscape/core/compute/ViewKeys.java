package org.dl4jscape.core.compute;

import java.nio.FloatBuffer;

/** The first n values of a buffer as keys; positions are indices. Read by tiles: one by one a buffer is read slowly. */
final class ViewKeys implements KeySource {
    private static final int TILE = 1024;
    private static final FloatBuffer NONE = FloatBuffer.allocate(0);

    private final float[] tile = new float[TILE];
    private FloatBuffer values = NONE;
    private int length;
    private int read;

    /** Points it at a buffer. */
    ViewKeys over(FloatBuffer buffer, int n) {
        values = buffer;
        length = n;
        return this;
    }

    /** Forgets the buffer, so that it can be collected. */
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
        int n = Math.min(Math.min(TILE, keys.length), length - read);
        values.get(read, tile, 0, n);
        for (int j = 0; j < n; j++) {
            keys[j] = KeySource.key(tile[j]);
            positions[j] = read + j;
        }
        read += n;
        return n;
    }

    @Override
    public boolean collect(int atLeast, Candidates into) {
        float threshold = Float.intBitsToFloat(atLeast);
        for (int first = 0; first < length; first += TILE) {
            int n = Math.min(TILE, length - first);
            values.get(first, tile, 0, n);
            for (int j = 0; j < n; j++) {
                // Negated, so that a NaN passes.
                if (!(Math.abs(tile[j]) < threshold)) {
                    int key = KeySource.key(tile[j]);
                    if (key >= atLeast && !into.add(key, first + j)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
