package org.dl4jscape.core.step;

import java.util.Random;

/** Numbers of examples by step and rank, as a data set that does not divide evenly gives them. */
final class UnevenWeights {
    private UnevenWeights() {}

    /** Some ranks have no data in some steps; one always has. */
    static double[] of(int step, int worldSize) {
        Random random = new Random(977L * step + worldSize);
        double[] weights = new double[worldSize];
        for (int rank = 0; rank < worldSize; rank++) {
            weights[rank] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(8);
        }
        weights[step % worldSize] = Math.max(1, weights[step % worldSize]);
        return weights;
    }
}
