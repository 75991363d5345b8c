package org.dl4jscape.aeron.security;

import org.dl4jscape.core.exchange.CollectiveException;

/** Ranks do not share a secret: one has none, or another one. */
public final class SecretMismatchException extends CollectiveException {
    private static final long serialVersionUID = 1L;

    private static final String REMEDY =
            "; set the same secretFile (or " + SharedSecret.ENVIRONMENT_VARIABLE + "), or none, on all ranks";

    private final int rank;

    /**
     * With what is wrong; the remedy is added.
     *
     * @param rank whose secret does not fit
     * @param what the first half of the sentence
     */
    public SecretMismatchException(int rank, String what) {
        super(what + REMEDY);
        this.rank = rank;
    }

    /** The rank whose secret does not fit that of the rank that throws. */
    public int rank() {
        return rank;
    }
}
