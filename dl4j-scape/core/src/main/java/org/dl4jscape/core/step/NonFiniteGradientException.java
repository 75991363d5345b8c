package org.dl4jscape.core.step;

/** A gradient contains NaN or infinity and the policy is to fail. */
public final class NonFiniteGradientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names rank, block, count and step. */
    NonFiniteGradientException(int rank, String block, int count, int step) {
        super("rank " + rank + ": gradient of " + block + " has " + count + " values that are NaN or infinite in step "
                + step
                + "; lower the learning rate, clip gradients, or leave such steps out with nonFinite(SKIP_STEP)");
    }
}
