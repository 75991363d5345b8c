package org.dl4jscape.aeron.exchange;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.dl4jscape.aeron.wire.Content;
import org.dl4jscape.aeron.wire.OperationKind;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.PendingGather;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.TransportStats;
import org.dl4jscape.core.pack.ValueCodec;

/**
 * Collectives over a full mesh: by direct exchange, or for large contents from neighbour to neighbour ({@link
 * Algorithm}).
 *
 * <p>By direct exchange every rank sends to every other what that one needs, once: the latency is that of one message
 * whatever the number of ranks, and the bytes are those of a ring. Sums are formed by this thread in rank order, as far as
 * the contributions of all ranks have come. After warm-up the operations allocate nothing.
 */
final class ExchangeCollectives implements Collectives {
    /** Told apart from direct exchange in signatures. */
    private static final int CHAIN = 16;

    private static final byte[] NO_BYTES = new byte[0];

    private final ProcessGroup group;
    private final ExchangeLink link;
    private final Arrivals arrivals;
    private final ExchangeThread exchange;
    private final CountedBytes counters;
    private final String transport;
    private final Algorithm algorithm;
    private final RingAlgorithm ring;
    private final Operation operation = new Operation();
    private final Operation chainHead = new Operation();
    private final Map<PayloadKind, GatherInFlight> gathers = new EnumMap<>(PayloadKind.class);
    private final Map<WirePrecision, ValueCodec> codecs = new EnumMap<>(WirePrecision.class);
    private final RankOrderSum sums;
    private final GatheredShards shards;
    private long nextSequence;

    ExchangeCollectives(
            ProcessGroup group,
            ExchangeLink link,
            Arrivals arrivals,
            ExchangeThread exchange,
            CountedBytes counters,
            String transport,
            Algorithm algorithm) {
        this.group = group;
        this.link = link;
        this.arrivals = arrivals;
        this.exchange = exchange;
        this.counters = counters;
        this.transport = transport;
        this.algorithm = algorithm;
        ring = new RingAlgorithm(group, arrivals);
        sums = new RankOrderSum(group, arrivals);
        shards = new GatheredShards(group, arrivals);
        for (PayloadKind kind : PayloadKind.values()) {
            gathers.put(kind, new GatherInFlight(group, arrivals));
        }
        for (WirePrecision precision : WirePrecision.values()) {
            codecs.put(precision, ValueCodec.of(precision));
        }
    }

    @Override
    public ProcessGroup group() {
        return group;
    }

    @Override
    public void reduceScatter(float[] send, int[] offsets, WirePrecision precision, float[] sum) {
        requireOffsets(offsets, send.length);
        int own = group.rank();
        int count = offsets[own + 1] - offsets[own];
        if (sum.length < count) {
            throw new IllegalArgumentException("sum.length=" + sum.length + " (expected: >= " + count
                    + ", the length of the shard of rank " + own + ")");
        }
        if (precision == WirePrecision.FP32 && algorithm.sumsByChain(group.worldSize())) {
            reduceByChain(send, offsets, count, sum);
            return;
        }
        requireSendable(offsets, precision);
        begin(OperationKind.REDUCE_SCATTER, Content.VALUES, signature(precision.ordinal(), offsets), 1);
        ValueCodec codec = codec(precision);
        for (int k = 1; k < group.worldSize(); k++) {
            int peer = (own + k) % group.worldSize();
            arrivals.send(operation, peer, send, offsets[peer], offsets[peer + 1] - offsets[peer], codec);
        }
        sums.begin(operation, codec, 0, send, offsets[own], count, sum);
        arrivals.await(operation, sums);
        sums.end();
    }

    /** What ranks before an owner have passes along the chain; what ranks behind it have goes to it directly. */
    private void reduceByChain(float[] send, int[] offsets, int count, float[] sum) {
        int own = group.rank();
        int segments = ring.chainSegments(offsets);
        requireSendable(offsets, WirePrecision.FP32);
        begin(
                OperationKind.REDUCE_SCATTER,
                Content.VALUES,
                signature(CHAIN + WirePrecision.FP32.ordinal(), offsets),
                1 + segments);
        operation.expectRange(own + 1, group.worldSize());
        chainHead.begin(operation.sequence + 1, operation.kind, operation.content, operation.signature);
        ValueCodec codec = codec(WirePrecision.FP32);
        for (int owner = 0; owner < own; owner++) {
            arrivals.send(operation, owner, send, offsets[owner], offsets[owner + 1] - offsets[owner], codec);
        }
        ring.chain(chainHead, send, offsets, sum);
        sums.begin(operation, codec, own + 1, send, offsets[own], count, sum);
        arrivals.await(operation, sums);
        sums.end();
    }

    @Override
    public void allGather(float[] values, int[] offsets, WirePrecision precision) {
        requireOffsets(offsets, values.length);
        requireSendable(offsets, precision);
        ValueCodec codec = codec(precision);
        long totalBytes = (long) (offsets[group.worldSize()] - offsets[0]) * precision.bytes();
        if (algorithm.gathersByRing(group.worldSize(), totalBytes)) {
            int signature = signature(CHAIN + precision.ordinal(), offsets);
            begin(OperationKind.ALL_GATHER, Content.VALUES, signature, ring.gatherTurns());
            ring.gather(operation, values, offsets, codec);
            return;
        }
        begin(OperationKind.ALL_GATHER, Content.VALUES, signature(precision.ordinal(), offsets), 1);
        int own = group.rank();
        sendToAll(values, offsets[own], offsets[own + 1] - offsets[own], codec);
        shards.begin(operation, codec, values, offsets);
        arrivals.await(operation, shards);
        shards.end();
    }

    @Override
    public PendingGather allGatherAsync(PayloadKind kind, byte[] payload, int length) {
        if (length < 0 || length > payload.length) {
            throw new IllegalArgumentException(
                    "length=" + length + " (expected: 0 <= length <= payload.length=" + payload.length + ")");
        }
        GatherInFlight gather = Objects.requireNonNull(gathers.get(kind));
        if (gather.isUnderWay()) {
            throw new IllegalStateException("a gather of " + kind + " is under way; await it before the next one");
        }
        Content content = PayloadKinds.content(kind);
        begin(gather.operation, OperationKind.BLOCK_GATHER, content, kind.ordinal(), 1);
        return gather.start(payload, length);
    }

    @Override
    public void broadcast(float[] values, int root) {
        if (root < 0 || root >= group.worldSize()) {
            throw new IllegalArgumentException(
                    "root=" + root + " (expected: 0 <= root < worldSize=" + group.worldSize() + ")");
        }
        requireSendable(values.length, WirePrecision.FP32);
        begin(OperationKind.BROADCAST, Content.CONTROL, 31 * root + values.length, 1);
        operation.expectRange(root, root + 1);
        ValueCodec codec = codec(WirePrecision.FP32);
        if (root == group.rank()) {
            sendToAll(values, 0, values.length, codec);
            arrivals.await(operation);
        } else {
            arrivals.await(operation);
            Inbound inbound = arrivals.received(operation, root, (long) values.length * codec.bytes());
            codec.decode(inbound.values, 0, values.length, values, 0);
            arrivals.giveBack(operation, inbound);
        }
    }

    @Override
    public void barrier() {
        begin(OperationKind.BARRIER, Content.CONTROL, 0, 1);
        for (int k = 1; k < group.worldSize(); k++) {
            arrivals.send(operation, (group.rank() + k) % group.worldSize(), NO_BYTES, 0, 0);
        }
        arrivals.await(operation);
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank != group.rank()) {
                arrivals.giveBack(operation, arrivals.received(operation, rank, 0));
            }
        }
    }

    @Override
    public void abort(String reason) {
        link.abort(group.rank(), reason);
    }

    @Override
    public TransportStats stats() {
        return counters;
    }

    @Override
    public void close() {
        exchange.close();
    }

    @Override
    public String toString() {
        return "ExchangeCollectives{" + transport + ", " + group + ", droppedFrames=" + exchange.droppedFrames() + '}';
    }

    private ValueCodec codec(WirePrecision precision) {
        return Objects.requireNonNull(codecs.get(precision));
    }

    private void begin(OperationKind kind, Content content, int signature, int operations) {
        begin(operation, kind, content, signature, operations);
    }

    /** Begins as many operations at once, of which {@code next} is the first. */
    private void begin(Operation next, OperationKind kind, Content content, int signature, int operations) {
        if (exchange.isClosed()) {
            throw new IllegalStateException("the collectives of " + group + " are closed");
        }
        arrivals.throwIfFailed(kind, nextSequence);
        next.begin(nextSequence, kind, content, signature);
        nextSequence += operations;
        link.started(nextSequence - 1);
    }

    private void sendToAll(float[] values, int from, int count, ValueCodec codec) {
        for (int k = 1; k < group.worldSize(); k++) {
            arrivals.send(operation, (group.rank() + k) % group.worldSize(), values, from, count, codec);
        }
    }

    private void requireSendable(int[] offsets, WirePrecision precision) {
        for (int rank = 0; rank < group.worldSize(); rank++) {
            requireSendable(offsets[rank + 1] - offsets[rank], precision);
        }
    }

    private static void requireSendable(int values, WirePrecision precision) {
        long bytes = (long) values * precision.bytes();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(values + " values of " + precision + " for one rank are " + bytes
                    + " bytes (expected: < 2 GiB); exchange them in several buckets");
        }
    }

    private void requireOffsets(int[] offsets, int length) {
        if (offsets.length != group.worldSize() + 1) {
            throw new IllegalArgumentException("offsets.length=" + offsets.length + " (expected: worldSize + 1 = "
                    + (group.worldSize() + 1) + ")");
        }
        int before = 0;
        for (int offset : offsets) {
            if (offset < before || offset > length) {
                throw new IllegalArgumentException("offsets=" + Arrays.toString(offsets)
                        + " (expected: ascending from >= 0 to <= " + length + ")");
            }
            before = offset;
        }
    }

    private static int signature(int precision, int[] offsets) {
        return 31 * Arrays.hashCode(offsets) + precision;
    }
}
