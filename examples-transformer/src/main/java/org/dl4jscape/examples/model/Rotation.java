package org.dl4jscape.examples.model;

/**
 * Rotary positions (arXiv 2104.09864): values i and i + half of each head of a query or key at position t turn by the angle
 * {@code t * 10000^(-i / half)}, so that scores depend on distances.
 */
final class Rotation {
    private static final double BASE = 10_000;

    private final int half;
    private float[] cosines = new float[0];
    private float[] sines = new float[0];

    Rotation(int headWidth) {
        half = headWidth / 2;
    }

    private void prepare(int time) {
        if (cosines.length >= time * half) {
            return;
        }
        cosines = new float[time * half];
        sines = new float[time * half];
        for (int t = 0; t < time; t++) {
            for (int i = 0; i < half; i++) {
                double angle = t * StrictMath.pow(BASE, -(double) i / half);
                cosines[t * half + i] = (float) StrictMath.cos(angle);
                sines[t * half + i] = (float) StrictMath.sin(angle);
            }
        }
    }

    /**
     * Turns the first heads of every row in place.
     *
     * @param values [batch * time, columns]
     * @param columns of a row
     * @param heads how many heads turn, from the first column on
     * @param back whether to turn back, as gradients do
     */
    void turn(float[] values, int columns, int heads, boolean back, Rows rows) {
        prepare(rows.time());
        for (int r = 0; r < rows.count(); r++) {
            int angle = r % rows.time() * half;
            for (int h = 0; h < heads; h++) {
                int o = r * columns + h * 2 * half;
                for (int i = 0; i < half; i++) {
                    float c = cosines[angle + i];
                    float s = back ? -sines[angle + i] : sines[angle + i];
                    float a = values[o + i];
                    float b = values[o + half + i];
                    values[o + i] = a * c - b * s;
                    values[o + half + i] = a * s + b * c;
                }
            }
        }
    }
}
