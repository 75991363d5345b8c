package org.dl4jscape.core.exchange;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dl4jscape.core.config.WirePrecision;

/**
 * One rank of an {@link InProcessGroup}.
 *
 * <p>A synchronous operation is two meetings: at the first all operands are in place, after the second they may be changed
 * again. An asynchronous gather needs none: each rank posts into one of two alternating slots, which is enough because a
 * rank starts a gather only after it has awaited the one before. Allocates only while a slot grows.
 */
final class InProcessCollectives implements Collectives {
    private final ProcessGroup group;
    private final Meeting meeting;
    private final List<InProcessCollectives> ranks;
    private final CountedBytes stats = new CountedBytes();
    private final Map<PayloadKind, Slots> slots = new EnumMap<>(PayloadKind.class);
    private float[] operand = new float[0];
    private int[] operandOffsets = new int[0];

    InProcessCollectives(
            ProcessGroup group, Meeting meeting, List<InProcessCollectives> ranks, Map<PayloadKind, long[]> posted) {
        this.group = group;
        this.meeting = meeting;
        this.ranks = ranks;
        posted.forEach((kind, counts) -> slots.put(kind, new Slots(kind, counts)));
    }

    /** What one rank has posted for the gathers of one kind; also the handle of the gather under way. */
    private final class Slots implements PendingGather {
        private final PayloadKind kind;
        private final String operation;
        /** Of all ranks, guarded by the meeting. */
        private final long[] postedBy;

        private final byte[][] bytes = {new byte[0], new byte[0]};
        private final int[] lengths = new int[2];
        private long posted;
        private long awaited;

        Slots(PayloadKind kind, long[] postedBy) {
            this.kind = kind;
            this.postedBy = postedBy;
            operation = kind + " all-gather";
        }

        void post(byte[] payload, int length) {
            int slot = (int) (posted & 1);
            if (bytes[slot].length < length) {
                bytes[slot] = new byte[Math.max(length, 2 * bytes[slot].length)];
            }
            System.arraycopy(payload, 0, bytes[slot], 0, length);
            lengths[slot] = length;
            posted++;
            meeting.countUp(postedBy, group.rank());
        }

        @Override
        public void await(ByteBlocks into) {
            if (awaited == posted) {
                throw new IllegalStateException("no " + kind + " gather is under way; it was awaited already");
            }
            meeting.awaitAll(group.rank(), operation, postedBy, awaited + 1);
            int slot = (int) (awaited & 1);
            awaited++;
            into.clear();
            for (int other = 0; other < ranks.size(); other++) {
                Slots theirs = ranks.get(other).slots(kind);
                into.append(theirs.bytes[slot], 0, theirs.lengths[slot]);
                if (other != group.rank()) {
                    stats.addReceived(kind, theirs.lengths[slot]);
                }
            }
        }
    }

    private Slots slots(PayloadKind kind) {
        Slots found = slots.get(kind);
        if (found == null) {
            throw new IllegalStateException("no slots for " + kind);
        }
        return found;
    }

    @Override
    public ProcessGroup group() {
        return group;
    }

    @Override
    public void reduceScatter(float[] send, int[] offsets, WirePrecision precision, float[] sum) {
        open(send, offsets, "reduce-scatter");
        int from = offsets[group.rank()];
        int length = offsets[group.rank() + 1] - from;
        System.arraycopy(ranks.get(0).operand, from, sum, 0, length);
        for (int other = 1; other < ranks.size(); other++) {
            float[] theirs = ranks.get(other).operand;
            for (int j = 0; j < length; j++) {
                sum[j] += theirs[from + j];
            }
        }
        meeting.arrive(group.rank(), "reduce-scatter end");
        count((offsets[ranks.size()] - length) * (long) precision.bytes(), length * (long) precision.bytes());
    }

    @Override
    public void allGather(float[] values, int[] offsets, WirePrecision precision) {
        open(values, offsets, "all-gather");
        for (int other = 0; other < ranks.size(); other++) {
            if (other != group.rank()) {
                int from = offsets[other];
                System.arraycopy(ranks.get(other).operand, from, values, from, offsets[other + 1] - from);
            }
        }
        meeting.arrive(group.rank(), "all-gather end");
        int own = offsets[group.rank() + 1] - offsets[group.rank()];
        count(own * (ranks.size() - 1L) * precision.bytes(), 0);
        stats.addReceived(PayloadKind.VALUES, (offsets[ranks.size()] - own) * (long) precision.bytes());
    }

    private void count(long sentBytes, long ownBytes) {
        stats.addSent(PayloadKind.VALUES, sentBytes);
        stats.addReceived(PayloadKind.VALUES, ownBytes * (ranks.size() - 1));
    }

    private void open(float[] values, int[] offsets, String operation) {
        operand = values;
        operandOffsets = offsets;
        meeting.arrive(group.rank(), operation);
        for (int other = 0; other < ranks.size(); other++) {
            int[] theirs = ranks.get(other).operandOffsets;
            if (!Arrays.equals(theirs, offsets)) {
                throw new CollectiveException(operation + " of rank " + group.rank() + " has offsets "
                        + Arrays.toString(offsets) + ", rank " + other + " has " + Arrays.toString(theirs)
                        + "; all ranks must use the same");
            }
        }
    }

    @Override
    public PendingGather allGatherAsync(PayloadKind kind, byte[] payload, int length) {
        Slots mine = slots(kind);
        if (mine.awaited != mine.posted) {
            throw new IllegalStateException("a " + kind + " gather is under way; await it before the next one");
        }
        mine.post(payload, length);
        stats.addSent(kind, length * (ranks.size() - 1L));
        return mine;
    }

    @Override
    public void broadcast(float[] values, int root) {
        operand = values;
        meeting.arrive(group.rank(), "broadcast of " + values.length + " values from rank " + root);
        if (root != group.rank()) {
            System.arraycopy(ranks.get(root).operand, 0, values, 0, values.length);
            stats.addReceived(PayloadKind.CONTROL, values.length * 4L);
        } else {
            stats.addSent(PayloadKind.CONTROL, values.length * 4L * (ranks.size() - 1));
        }
        meeting.arrive(group.rank(), "broadcast end");
    }

    @Override
    public void barrier() {
        meeting.arrive(group.rank(), "barrier");
    }

    @Override
    public void abort(String reason) {
        meeting.abort(group.rank(), reason);
    }

    @Override
    public TransportStats stats() {
        return stats;
    }

    @Override
    public void close() {
        meeting.leave(group.rank());
    }
}
