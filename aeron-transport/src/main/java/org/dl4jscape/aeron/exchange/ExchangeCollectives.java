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
 * whatever the number of ranks, and the bytes are those of a ring. Sums are formed by this thread when all contributions
 * are here, in rank order. After warm-up the operations allocate nothing.
 */
final class ExchangeCollectives implements Collectives {
    /** Values that are decoded and added at a time: 16 KiB, which stay in the first-level cache. */
    private static final int BLOCK_VALUES = 4096;

    /** Told apart from direct exchange in signatures. */
    private static final int CHAIN = 16;

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
    private final float[] block = new float[BLOCK_VALUES];
    private byte[] sendBytes = new byte[0];
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
        begin(OperationKind.REDUCE_SCATTER, Content.VALUES, signature(precision.ordinal(), offsets), 1);
        ValueCodec codec = codec(precision);
        int values = offsets[group.worldSize()] - offsets[0] - count;
        byte[] bytes = sendBuffer(values, precision);
        int at = 0;
        for (int k = 1; k < group.worldSize(); k++) {
            int peer = (own + k) % group.worldSize();
            int n = offsets[peer + 1] - offsets[peer];
            codec.encode(send, offsets[peer], n, bytes, at);
            arrivals.send(operation, peer, bytes, at, n * precision.bytes());
            at += n * precision.bytes();
        }
        arrivals.await(operation);
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank == own) {
                addOwn(send, offsets[own], count, rank == 0, sum);
            } else {
                addReceived(rank, codec, precision, count, sum);
            }
        }
    }

    /** What ranks before an owner have passes along the chain; what ranks behind it have goes to it directly. */
    private void reduceByChain(float[] send, int[] offsets, int count, float[] sum) {
        int own = group.rank();
        int segments = ring.chainSegments(offsets);
        begin(
                OperationKind.REDUCE_SCATTER,
                Content.VALUES,
                signature(CHAIN + WirePrecision.FP32.ordinal(), offsets),
                1 + segments);
        operation.expectRange(own + 1, group.worldSize());
        chainHead.begin(operation.sequence + 1, operation.kind, operation.content, operation.signature);
        ValueCodec codec = codec(WirePrecision.FP32);
        byte[] bytes = sendBuffer(offsets[group.worldSize()] - offsets[0] - count, WirePrecision.FP32);
        int at = (offsets[group.worldSize()] - offsets[own + 1]) * Float.BYTES;
        for (int owner = 0; owner < own; owner++) {
            int n = offsets[owner + 1] - offsets[owner];
            codec.encode(send, offsets[owner], n, bytes, at);
            arrivals.send(operation, owner, bytes, at, n * Float.BYTES);
            at += n * Float.BYTES;
        }
        ring.chain(chainHead, send, offsets, codec, bytes, sum);
        arrivals.await(operation);
        for (int rank = own + 1; rank < group.worldSize(); rank++) {
            addReceived(rank, codec, WirePrecision.FP32, count, sum);
        }
    }

    private static void addOwn(float[] send, int from, int count, boolean first, float[] sum) {
        if (first) {
            System.arraycopy(send, from, sum, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            sum[i] += send[from + i];
        }
    }

    private void addReceived(int rank, ValueCodec codec, WirePrecision precision, int count, float[] sum) {
        Inbound inbound = arrivals.received(operation, rank, (long) count * precision.bytes());
        if (rank == 0) {
            codec.decode(inbound.bytes, 0, count, sum, 0);
        } else {
            for (int start = 0; start < count; start += BLOCK_VALUES) {
                int n = Math.min(BLOCK_VALUES, count - start);
                codec.decode(inbound.bytes, start * precision.bytes(), n, block, 0);
                for (int i = 0; i < n; i++) {
                    sum[start + i] += block[i];
                }
            }
        }
        arrivals.giveBack(operation, inbound);
    }

    @Override
    public void allGather(float[] values, int[] offsets, WirePrecision precision) {
        requireOffsets(offsets, values.length);
        int own = group.rank();
        ValueCodec codec = codec(precision);
        int count = offsets[own + 1] - offsets[own];
        byte[] bytes = sendBuffer(count, precision);
        codec.encode(values, offsets[own], count, bytes, 0);
        long totalBytes = (long) (offsets[group.worldSize()] - offsets[0]) * precision.bytes();
        if (algorithm.gathersByRing(group.worldSize(), totalBytes)) {
            int signature = signature(CHAIN + precision.ordinal(), offsets);
            begin(OperationKind.ALL_GATHER, Content.VALUES, signature, ring.gatherTurns());
            ring.gather(operation, bytes, values, offsets, codec, precision.bytes());
            return;
        }
        begin(OperationKind.ALL_GATHER, Content.VALUES, signature(precision.ordinal(), offsets), 1);
        sendToAll(bytes, count * precision.bytes());
        arrivals.await(operation);
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank != own) {
                int n = offsets[rank + 1] - offsets[rank];
                Inbound inbound = arrivals.received(operation, rank, (long) n * precision.bytes());
                codec.decode(inbound.bytes, 0, n, values, offsets[rank]);
                arrivals.giveBack(operation, inbound);
            }
        }
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
        begin(OperationKind.BROADCAST, Content.CONTROL, 31 * root + values.length, 1);
        operation.expectRange(root, root + 1);
        ValueCodec codec = codec(WirePrecision.FP32);
        if (root == group.rank()) {
            byte[] bytes = sendBuffer(values.length, WirePrecision.FP32);
            codec.encode(values, 0, values.length, bytes, 0);
            sendToAll(bytes, values.length * WirePrecision.FP32.bytes());
            arrivals.await(operation);
        } else {
            arrivals.await(operation);
            Inbound inbound = arrivals.received(operation, root, (long) values.length * WirePrecision.FP32.bytes());
            codec.decode(inbound.bytes, 0, values.length, values, 0);
            arrivals.giveBack(operation, inbound);
        }
    }

    @Override
    public void barrier() {
        begin(OperationKind.BARRIER, Content.CONTROL, 0, 1);
        sendToAll(sendBytes, 0);
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

    private void sendToAll(byte[] bytes, int length) {
        for (int k = 1; k < group.worldSize(); k++) {
            arrivals.send(operation, (group.rank() + k) % group.worldSize(), bytes, 0, length);
        }
    }

    private byte[] sendBuffer(int values, WirePrecision precision) {
        long bytes = (long) values * precision.bytes();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(values + " values of " + precision + " in one call are " + bytes
                    + " bytes (expected: < 2 GiB); exchange them in several buckets");
        }
        if (sendBytes.length < bytes) {
            sendBytes = new byte[(int) bytes];
        }
        return sendBytes;
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
