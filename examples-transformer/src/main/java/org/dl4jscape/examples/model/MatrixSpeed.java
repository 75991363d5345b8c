package org.dl4jscape.examples.model;

/** How fast matrices are multiplied here, on one thread. */
public final class MatrixSpeed {
    private static final int SIDE = 512;
    private static final int ROUNDS = 5;

    private MatrixSpeed() {}

    /** Operations a second of products of 512 x 512 matrices, the best of five; takes a tenth of a second. */
    public static double flopsPerSecond() {
        float[] a = new float[SIDE * SIDE];
        java.util.Arrays.fill(a, 1e-3f);
        float[] c = new float[SIDE * SIDE];
        MatrixProduct product = new MatrixProduct();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long from = System.nanoTime();
            product.multiply(a, a, 0, c, SIDE, SIDE, SIDE);
            best = Math.min(best, System.nanoTime() - from);
        }
        return 2.0 * SIDE * SIDE * SIDE / (Math.max(1, best) / 1e9);
    }
}
