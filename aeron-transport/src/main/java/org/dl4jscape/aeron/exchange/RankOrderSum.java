package org.dl4jscape.aeron.exchange;

import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * The sum of a shard in rank order, {@code ((x_0 + x_1) + x_2) + ...}, formed while the contributions come: as far as all of
 * them are here. Used again and again. Confined to the training thread.
 */
final class RankOrderSum implements Arrivals.Consumption {
    /** Values that are decoded and added at a time: 16 KiB, which stay in the first-level cache. */
    private static final int BLOCK_VALUES = 4096;

    private static final float[] NO_VALUES = new float[0];

    private final ProcessGroup group;
    private final Arrivals arrivals;
    private final float[] block = new float[BLOCK_VALUES];
    private final @Nullable Inbound[] contributions;
    private Operation operation = new Operation();
    private @Nullable ValueCodec codec;
    private float[] own = NO_VALUES;
    private float[] sum = NO_VALUES;
    private int first;
    private int from;
    private int count;
    private int done;

    RankOrderSum(ProcessGroup group, Arrivals arrivals) {
        this.group = group;
        this.arrivals = arrivals;
        contributions = new Inbound[group.worldSize()];
    }

    /**
     * Begins a sum.
     *
     * @param first rank whose contribution is added first; 0 replaces what is in {@code sum}, others are added to it
     * @param own values of this rank, {@code own[from .. from + count)}; of no use where it comes before {@code first}
     * @param sum receives the sum from index 0
     */
    void begin(Operation operation, ValueCodec codec, int first, float[] own, int from, int count, float[] sum) {
        this.operation = operation;
        this.codec = codec;
        this.first = first;
        this.own = own;
        this.from = from;
        this.count = count;
        this.sum = sum;
        done = 0;
    }

    @Override
    public boolean advance() {
        if (codec == null) {
            throw new IllegalStateException("no sum has begun");
        }
        int here = here(codec);
        if (here == done) {
            return false;
        }
        while (done < here) {
            int n = Math.min(BLOCK_VALUES, here - done);
            for (int rank = first; rank < group.worldSize(); rank++) {
                Inbound contribution = contributions[rank];
                if (contribution == null) {
                    add(own, from + done, n, rank == 0);
                } else if (rank == 0) {
                    codec.decode(contribution.values, done * codec.bytes(), n, sum, done);
                } else {
                    codec.decode(contribution.values, done * codec.bytes(), n, block, 0);
                    add(block, 0, n, false);
                }
            }
            done += n;
        }
        return true;
    }

    /** Values that have come from all ranks, from the beginning. */
    private int here(ValueCodec decoder) {
        int least = count;
        for (int rank = first; rank < group.worldSize(); rank++) {
            if (rank == group.rank()) {
                continue;
            }
            Inbound contribution = arrivals.arriving(operation, rank, (long) count * decoder.bytes());
            contributions[rank] = contribution;
            least = contribution == null ? 0 : Math.min(least, contribution.arrived() / decoder.bytes());
        }
        return least;
    }

    private void add(float[] values, int at, int n, boolean replaces) {
        if (replaces) {
            System.arraycopy(values, at, sum, done, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            sum[done + i] += values[at + i];
        }
    }

    /** Gives back the contributions, all of which are added. */
    void end() {
        for (int rank = first; rank < group.worldSize(); rank++) {
            if (rank != group.rank()) {
                arrivals.giveBack(operation, arrivals.take(operation, rank));
                contributions[rank] = null;
            }
        }
        own = NO_VALUES;
        sum = NO_VALUES;
    }
}
