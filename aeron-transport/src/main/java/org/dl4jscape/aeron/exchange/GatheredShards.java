package org.dl4jscape.aeron.exchange;

import java.util.Arrays;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * The shards of all other ranks, decoded to their places while they come. Used again and again. Confined to the training
 * thread.
 */
final class GatheredShards implements Arrivals.Consumption {
    private static final float[] NO_VALUES = new float[0];

    private final ProcessGroup group;
    private final Arrivals arrivals;
    private final int[] done;
    private Operation operation = new Operation();
    private @Nullable ValueCodec codec;
    private float[] values = NO_VALUES;
    private int[] offsets = new int[0];

    GatheredShards(ProcessGroup group, Arrivals arrivals) {
        this.group = group;
        this.arrivals = arrivals;
        done = new int[group.worldSize()];
    }

    /** Begins; the shard of rank r goes to {@code values[offsets[r] .. offsets[r + 1])}. */
    void begin(Operation operation, ValueCodec codec, float[] values, int[] offsets) {
        this.operation = operation;
        this.codec = codec;
        this.values = values;
        this.offsets = offsets;
        Arrays.fill(done, 0);
    }

    @Override
    public boolean advance() {
        if (codec == null) {
            throw new IllegalStateException("no gather has begun");
        }
        boolean any = false;
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank == group.rank()) {
                continue;
            }
            long length = (long) (offsets[rank + 1] - offsets[rank]) * codec.bytes();
            Inbound shard = arrivals.arriving(operation, rank, length);
            int here = shard == null ? 0 : shard.arrived() / codec.bytes();
            if (shard != null && here > done[rank]) {
                int n = here - done[rank];
                codec.decode(shard.values, done[rank] * codec.bytes(), n, values, offsets[rank] + done[rank]);
                done[rank] = here;
                any = true;
            }
        }
        return any;
    }

    /** Gives back the contributions, all of which are decoded. */
    void end() {
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank != group.rank()) {
                arrivals.giveBack(operation, arrivals.take(operation, rank));
            }
        }
        values = NO_VALUES;
    }
}
