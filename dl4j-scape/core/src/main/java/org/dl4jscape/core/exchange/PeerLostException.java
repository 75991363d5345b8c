package org.dl4jscape.core.exchange;

/** A rank is gone: its process ended, it cannot be reached any more, or it left before its part was done. */
public final class PeerLostException extends CollectiveException {
    private static final long serialVersionUID = 1L;

    private final int lostRank;
    private final String phase;

    /**
     * With the rank that is gone and what this rank was doing.
     *
     * @param lostRank the rank that is gone
     * @param phase what the rank that throws was doing, such as {@code reduce-scatter (operation 1180)}
     * @param message the whole sentence, which names both
     */
    public PeerLostException(int lostRank, String phase, String message) {
        super(message);
        this.lostRank = lostRank;
        this.phase = phase;
    }

    /** The rank that is gone. */
    public int lostRank() {
        return lostRank;
    }

    /** What this rank was doing when it found out. */
    public String phase() {
        return phase;
    }
}
