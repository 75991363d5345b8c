package org.dl4jscape.aeron.exchange;

/** Told by a {@link Medium} of peers that it can no longer reach; whether that is a loss, the listener knows. */
@FunctionalInterface
public interface LossListener {
    /**
     * The way to or from a peer has ended.
     *
     * @param rank the peer
     * @param how what happened, to follow "rank 1 of 3 is lost: "
     */
    void onLost(int rank, String how);
}
