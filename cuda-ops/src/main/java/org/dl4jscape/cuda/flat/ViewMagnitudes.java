package org.dl4jscape.cuda.flat;

import java.nio.FloatBuffer;

/** The first n values of a view; the index is the number. */
final class ViewMagnitudes implements Magnitudes {
    private final FloatBuffer values;
    private final int length;

    ViewMagnitudes(FloatBuffer values, int length) {
        this.values = values;
        this.length = length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void read(int first, int count, float[] into) {
        values.get(first, into, 0, count);
    }

    @Override
    public int index(int number) {
        return number;
    }
}
