package org.dl4jscape.core.exchange;

/** A rank did not deliver within the deadline. */
public final class CollectiveTimeoutException extends CollectiveException {
    private static final long serialVersionUID = 1L;

    private final int missingRank;

    /**
     * With the rank that was waited for.
     *
     * @param missingRank the rank that did not deliver
     * @param message the whole sentence
     */
    public CollectiveTimeoutException(int missingRank, String message) {
        super(message);
        this.missingRank = missingRank;
    }

    /** The rank that did not deliver. */
    public int missingRank() {
        return missingRank;
    }
}
