package org.dl4jscape.core.exchange;

import org.dl4jscape.core.config.WirePrecision;

/**
 * The collective operations of one rank.
 *
 * <p>Guarantees, whatever the implementation and whatever the order of arrival:
 *
 * <ul>
 *   <li>Sums are formed in rank order, {@code ((x_0 + x_1) + x_2) + ...} in fp32, so every implementation gives the same bits.
 *   <li>Every wait ends: with the result, or with a {@link CollectiveException} that names the rank that is missing.
 *   <li>All ranks must call the same operations in the same order; operations of different lengths or kinds that meet are
 *       reported, not mixed.
 * </ul>
 *
 * <p>Thread: all methods except {@link #abort} and {@link #stats} are called by one thread, the training thread.
 */
public interface Collectives extends AutoCloseable {
    /** This rank's place in the group. */
    ProcessGroup group();

    /**
     * Sums what all ranks send to each owner; each rank receives the sum of its own shard.
     *
     * <p>Rank {@code i} sends {@code send[offsets[r] .. offsets[r+1])} to rank {@code r}. The offsets are the same on all
     * ranks. Values that {@code precision} cannot represent are rounded by the caller, before the call: the transport
     * encodes exactly what it is given.
     *
     * @param send packed values of all shards, in rank order
     * @param offsets worldSize + 1 ascending positions in {@code send}
     * @param precision format on the wire
     * @param sum receives {@code offsets[rank+1] - offsets[rank]} sums (not means), from index 0
     * @throws CollectiveException when a rank does not deliver within the deadline, is lost or has aborted
     */
    void reduceScatter(float[] send, int[] offsets, WirePrecision precision, float[] sum);

    /**
     * Gives every rank the values of all ranks.
     *
     * <p>On entry {@code values[offsets[rank] .. offsets[rank+1])} holds this rank's part; on return all parts are filled.
     *
     * @param values packed values of all shards, in rank order
     * @param offsets worldSize + 1 ascending positions in {@code values}, the same on all ranks
     * @param precision format on the wire; this rank's own part is left as the caller rounded it
     * @throws CollectiveException when a rank does not deliver within the deadline, is lost or has aborted
     */
    void allGather(float[] values, int[] offsets, WirePrecision precision);

    /**
     * Starts to give every rank a block of bytes of all ranks; lengths may differ by rank.
     *
     * <p>Returns at once; the transfer goes on while the caller computes. The payload is copied before the call returns. At
     * most one gather of each kind is under way.
     *
     * @param kind how the bytes are counted
     * @param payload bytes of this rank
     * @param length number of bytes, 0 &lt;= length &lt;= payload.length
     */
    PendingGather allGatherAsync(PayloadKind kind, byte[] payload, int length);

    /**
     * Gives every rank the values of one rank.
     *
     * @param values sent by {@code root}, overwritten on all other ranks; the same length on all ranks
     * @param root the rank that sends
     */
    void broadcast(float[] values, int root);

    /** Returns when all ranks have called it. */
    void barrier();

    /**
     * Tells all ranks that this rank cannot go on; their current and later operations fail with a {@link
     * RankAbortedException} that carries the reason. May be called by any thread, more than once, and never blocks for long.
     */
    void abort(String reason);

    /** Counters since the start; may be read by any thread. */
    TransportStats stats();

    /** Leaves the group in order and frees everything; idempotent. */
    @Override
    void close();
}
