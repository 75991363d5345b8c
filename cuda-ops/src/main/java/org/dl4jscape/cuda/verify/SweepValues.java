package org.dl4jscape.cuda.verify;

import java.util.SplittableRandom;

/** What the values of a sweep look like. */
enum SweepValues {
    /** Between -1 and 1. */
    UNIFORM,
    /** Seven magnitudes, of both signs. */
    TIES,
    /** One magnitude. */
    EQUAL,
    /** Every bit pattern there is: denormal values, infinities and NaN too. */
    ANY_BITS,
    /** Denormal values. */
    DENORMAL;

    /** The same values for the same seed. */
    float[] draw(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            int bits = random.nextInt();
            values[i] = switch (this) {
                case UNIFORM -> bits * 0x1p-31f;
                case TIES -> (1 + (bits >>> 3) % 7) * ((bits & 1) == 0 ? 1f : -1f);
                case EQUAL -> (bits & 1) == 0 ? 2.5f : -2.5f;
                case ANY_BITS -> Float.intBitsToFloat(bits);
                case DENORMAL -> Float.intBitsToFloat(bits & 0x807fffff);
            };
        }
        return values;
    }
}
