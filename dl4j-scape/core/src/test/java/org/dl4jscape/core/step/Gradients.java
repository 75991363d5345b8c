package org.dl4jscape.core.step;

import java.util.Random;

/** Seeded gradients for trainings without a model. */
final class Gradients {
    private Gradients() {}

    /** Noise of several sizes about a mean that differs by coordinate; one row a rank. */
    static float[][] noisy(long seed, int worldSize, int length) {
        Random random = new Random(seed);
        float[][] rows = new float[worldSize][length];
        for (float[] row : rows) {
            for (int i = 0; i < length; i++) {
                row[i] = (float) (random.nextGaussian() * (1 + i % 7) + 0.3 * Math.sin(i));
            }
        }
        return rows;
    }

    /** What breaks bounds: spikes a million times larger, zeros, and flips of sign. */
    static float[][] spiky(long seed, int worldSize, int length) {
        Random random = new Random(seed);
        float[][] rows = noisy(seed, worldSize, length);
        for (float[] row : rows) {
            for (int i = 0; i < length; i++) {
                int draw = random.nextInt(20);
                row[i] = draw == 0 ? 1e6f * row[i] : draw < 5 ? 0 : row[i];
            }
        }
        return rows;
    }
}
