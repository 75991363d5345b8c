package org.dl4jscape.core.exchange;

import org.dl4jscape.core.config.WirePrecision;

/** The operations in which a rank waits for others. */
public enum WaitingOperation {
    /** {@link Collectives#reduceScatter}. */
    REDUCE_SCATTER,
    /** {@link Collectives#allGather}. */
    ALL_GATHER,
    /** {@link Collectives#allGatherAsync} and its await. */
    GATHER_OF_BYTES,
    /** {@link Collectives#broadcast} from rank 1. */
    BROADCAST,
    /** {@link Collectives#barrier}. */
    BARRIER;

    private static final int SHARD = 10;

    /** Runs it for one rank. */
    void run(Collectives rank) {
        int worldSize = rank.group().worldSize();
        int[] offsets = new int[worldSize + 1];
        for (int r = 0; r < worldSize; r++) {
            offsets[r + 1] = offsets[r] + SHARD;
        }
        float[] values = new float[worldSize * SHARD];
        switch (this) {
            case REDUCE_SCATTER -> rank.reduceScatter(values, offsets, WirePrecision.FP32, new float[SHARD]);
            case ALL_GATHER -> rank.allGather(values, offsets, WirePrecision.FP32);
            case GATHER_OF_BYTES ->
                rank.allGatherAsync(PayloadKind.MASK, new byte[5], 5).await(new ByteBlocks(worldSize));
            case BROADCAST -> rank.broadcast(values, 1);
            case BARRIER -> rank.barrier();
        }
    }
}
