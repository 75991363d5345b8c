package org.dl4jscape.core.mask;

/**
 * How many bytes a mask takes, before there is one.
 *
 * <p>Both numbers suppose that every subset of k of n positions is equally likely; a real mask clusters and takes less.
 */
public final class MaskSize {
    private static final int BLOCK_HEADER_BYTES = 4;
    private static final double BLOCK = 1 << 16;

    private MaskSize() {}

    /**
     * The entropy bound n*H(k/n)/8: no code takes less in the mean, but for terms of the order of log n.
     *
     * @param n positions, at least 0
     * @param k masked positions, 0 &lt;= k &lt;= n
     */
    public static double entropyBytes(int n, int k) {
        if (k == 0 || k == n) {
            return 0;
        }
        double p = (double) k / n;
        return n * (-p * log2(p) - (1 - p) * log2(1 - p)) / 8;
    }

    /** What {@link MaskCodec} is expected to take: its block headers, and the smallest of its forms. */
    public static double codecBytes(int n, int k) {
        double headers = Math.ceil(n / BLOCK) * BLOCK_HEADER_BYTES;
        if (k == 0 || k == n) {
            return headers;
        }
        double rice = Double.POSITIVE_INFINITY;
        for (int parameter = 0; parameter <= 16; parameter++) {
            rice = Math.min(rice, riceBits((double) k / n, parameter) * k / 8);
        }
        return headers + Math.min(rice, Math.min(n / 8.0, 2.0 * k));
    }

    /** Mean length of one Rice code where every position is masked with probability p: gaps are geometric. */
    private static double riceBits(double p, int parameter) {
        double longer = Math.pow(1 - p, 1 << parameter);
        return 1 + parameter + longer / (1 - longer);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
