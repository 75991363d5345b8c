package org.dl4jscape.aeron.exchange;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * Reduce-scatter and all-gather from neighbour to neighbour, with the bits of direct exchange.
 *
 * <p><b>All-gather.</b> In turn s rank r hands the shard of rank r - s to rank r + 1, as it came, and receives that of rank
 * r - s - 1 from rank r - 1. Bytes per rank as in direct exchange; every rank hears from one other only.
 *
 * <p><b>Reduce-scatter.</b> A classical ring adds the shard of rank r in the order r + 1, r + 2, ..., r, which is another
 * order for each shard and gives other bits than rank order. Here partial sums pass along the chain 0, 1, ..., N - 1: rank r
 * receives those of the shards r to N - 1, adds its own values, keeps shard r and hands the rest to rank r + 1. The ranks
 * behind an owner send it their values directly, and it adds them in rank order at the end. A rank sends N - 1 shards as in
 * direct exchange; rank r &gt; 0 receives 2 (N - r) - 1 of them. Partial sums travel in fp32, in segments of {@value
 * #SEGMENT_VALUES} values, so that all links of the chain work at once.
 *
 * <p>A turn or segment is an operation of its own, with the next number. Confined to the training thread; allocates
 * nothing once the largest shape has been seen.
 */
final class RingAlgorithm {
    /** Values of a segment of the chain: 256 KiB. */
    static final int SEGMENT_VALUES = 64 * 1024;

    private final ProcessGroup group;
    private final Arrivals arrivals;
    private final int next;
    private final int previous;
    private final ValueCodec fp32 = ValueCodec.of(WirePrecision.FP32);
    private final List<Operation> operations = new ArrayList<>();

    /** Partial sums of the shards behind this rank's, until they are sent. */
    private float[] partial = new float[0];

    RingAlgorithm(ProcessGroup group, Arrivals arrivals) {
        this.group = group;
        this.arrivals = arrivals;
        next = (group.rank() + 1) % group.worldSize();
        previous = (group.rank() + group.worldSize() - 1) % group.worldSize();
    }

    /** Operations that an all-gather takes. */
    int gatherTurns() {
        return group.worldSize() - 1;
    }

    /** Operations of the chain of a reduce-scatter. */
    int chainSegments(int[] offsets) {
        int values = offsets[group.worldSize()] - offsets[0];
        return values == 0 ? 0 : (values - 1) / SEGMENT_VALUES + 1;
    }

    /**
     * Gathers the shards of all ranks.
     *
     * @param first describes the first turn; the others have the numbers behind it
     * @param values holds the shard of this rank, and those of all others in the end
     */
    void gather(Operation first, float[] values, int[] offsets, ValueCodec codec) {
        int worldSize = group.worldSize();
        Inbound relayed = null;
        for (int turn = 0; turn < gatherTurns(); turn++) {
            int origin = (group.rank() - turn - 1 + worldSize) % worldSize;
            Operation operation = operation(turn, first);
            operation.expectFrom(previous, origin);
            if (relayed == null) {
                arrivals.send(operation, next, values, offsets[group.rank()], shard(offsets, group.rank()), codec);
            } else {
                arrivals.send(operation, next, relayed.bytes, 0, relayed.length);
            }
            arrivals.await(operation);
            if (relayed != null) {
                arrivals.giveBack(operation, relayed);
            }
            relayed = arrivals.received(operation, previous, (long) shard(offsets, origin) * codec.bytes());
            codec.decode(relayed.values, 0, shard(offsets, origin), values, offsets[origin]);
        }
        if (relayed != null) {
            arrivals.giveBack(first, relayed);
        }
    }

    /**
     * Passes partial sums along the chain; leaves in {@code sum} what the ranks up to this one add to its shard.
     *
     * @param first describes the first segment; the others have the numbers behind it
     */
    void chain(Operation first, float[] send, int[] offsets, float[] sum) {
        int own = group.rank();
        int from = offsets[own];
        int behind = offsets[own + 1];
        int segments = chainSegments(offsets);
        if (partial.length < offsets[group.worldSize()] - behind) {
            partial = new float[offsets[group.worldSize()] - behind];
        }
        for (int segment = 0; segment < segments; segment++) {
            int start = offsets[0] + segment * SEGMENT_VALUES;
            int end = Math.min(offsets[group.worldSize()], start + SEGMENT_VALUES);
            Operation operation = operation(segment, first);
            operation.expectNobody();
            int begin = Math.max(start, from);
            if (begin >= end) {
                continue;
            }
            int kept = Math.max(0, Math.min(end, behind) - begin);
            Inbound before = before(operation, end - begin);
            if (kept > 0) {
                addUp(before, 0, send, begin, kept, sum, begin - from);
            }
            int sent = end - begin - kept;
            if (sent > 0) {
                int at = begin + kept - behind;
                addUp(before, kept, send, begin + kept, sent, partial, at);
                arrivals.send(operation, next, partial, at, sent, fp32);
            }
            if (before != null) {
                arrivals.giveBack(operation, before);
            }
        }
        for (int segment = 0; segment < segments; segment++) {
            operations.get(segment).expectNobody();
            arrivals.await(operations.get(segment));
        }
    }

    /** The sums of the ranks before this one; null for rank 0. */
    private @Nullable Inbound before(Operation operation, int count) {
        if (group.rank() == 0) {
            return null;
        }
        operation.expectFrom(previous, previous);
        arrivals.await(operation);
        return arrivals.received(operation, previous, (long) count * Float.BYTES);
    }

    /** {@code target[to ...] = before[skipped ...] + send[at ...]}, {@code count} values; without a rank before: a copy. */
    private void addUp(@Nullable Inbound before, int skipped, float[] send, int at, int count, float[] target, int to) {
        if (before == null) {
            System.arraycopy(send, at, target, to, count);
            return;
        }
        fp32.decode(before.values, skipped * Float.BYTES, count, target, to);
        for (int i = 0; i < count; i++) {
            target[to + i] += send[at + i];
        }
    }

    private static int shard(int[] offsets, int rank) {
        return offsets[rank + 1] - offsets[rank];
    }

    private Operation operation(int index, Operation first) {
        while (operations.size() <= index) {
            operations.add(new Operation());
        }
        Operation operation = operations.get(index);
        operation.begin(first.sequence + index, first.kind, first.content, first.signature);
        return operation;
    }
}
