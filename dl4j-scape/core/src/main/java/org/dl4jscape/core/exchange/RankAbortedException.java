package org.dl4jscape.core.exchange;

/** Another rank said that it cannot go on. */
public final class RankAbortedException extends CollectiveException {
    private static final long serialVersionUID = 1L;

    private final int abortedRank;

    /**
     * With the rank that gave up and its reason.
     *
     * @param abortedRank the rank that called {@link Collectives#abort}
     * @param reason what it said
     */
    public RankAbortedException(int abortedRank, String reason) {
        super("rank " + abortedRank + " aborted: " + reason);
        this.abortedRank = abortedRank;
    }

    /** The rank that gave up. */
    public int abortedRank() {
        return abortedRank;
    }
}
