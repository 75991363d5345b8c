package org.dl4jscape.core.config;

/** Powers with whole exponents: the same bits on every machine, and no allocation. */
public final class Powers {
    private Powers() {}

    /**
     * base^exponent by repeated squaring, with a relative error below exponent * 2^-52.
     *
     * <p>{@code Math.pow} may differ between machines, and {@code StrictMath.pow} allocates.
     *
     * @param exponent at least 0
     */
    public static double of(double base, int exponent) {
        double power = 1;
        double square = base;
        for (int left = exponent; left > 0; left >>>= 1) {
            if ((left & 1) == 1) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }
}
