package org.dl4jscape.core.exchange;

/**
 * An all-gather that is under way.
 *
 * <p>Every handle must be awaited exactly once, in the order in which the gathers of its kind were started.
 */
public interface PendingGather {
    /**
     * Waits until the blocks of all ranks are here and copies them.
     *
     * @param into receives worldSize blocks in rank order; cleared first
     * @throws CollectiveException when a rank does not deliver within the deadline, is lost or has aborted
     */
    void await(ByteBlocks into);
}
