package org.dl4jscape.core.mask;

import java.util.Random;
import java.util.stream.IntStream;

/** Random ascending positions. */
final class Masks {
    private Masks() {}

    /** Each of {@code domain} positions with one probability. */
    static int[] random(long seed, int domain, double density) {
        Random random = new Random(seed);
        return IntStream.range(0, domain)
                .filter(i -> random.nextDouble() < density)
                .toArray();
    }

    /** Exactly k of n positions, every subset equally likely. */
    static int[] exactly(long seed, int n, int k) {
        Random random = new Random(seed);
        int[] chosen = new int[k];
        int filled = 0;
        for (int i = 0; i < n && filled < k; i++) {
            if (random.nextInt(n - i) < k - filled) {
                chosen[filled++] = i;
            }
        }
        return chosen;
    }

    /** Runs of masked positions, as whole tensors that stay dense give them. */
    static int[] runs(int domain, int period, int length) {
        return IntStream.range(0, domain).filter(i -> i % period < length).toArray();
    }
}
