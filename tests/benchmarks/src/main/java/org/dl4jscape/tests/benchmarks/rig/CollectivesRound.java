package org.dl4jscape.tests.benchmarks.rig;

import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.PendingGather;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.core.mask.MaskCodec;

/**
 * A transport of this project. The second word of the subject says what a round is.
 *
 * <p>{@code dense}: reduce-scatter and all-gather of the whole array. {@code gather}: all-gather alone. {@code step}: the
 * transfers of a step at a density: mask gather beside reduce-scatter and all-gather of the values that are kept. {@code
 * mask}: mask gather behind computing; what counts is the wait at its end. {@code idle}: a second without a call.
 */
final class CollectivesRound implements Round {
    private final Collectives collectives;
    private final String what;
    private final int computeMs;
    private final float[] values;
    private final float[] sum;
    private final int[] offsets;
    private final byte[] mask;
    private final int maskBytes;
    private final ByteBlocks masks;

    CollectivesRound(RigJob job, int rank, String address, Rendezvous meeting) {
        String[] words = job.subject().split(" ", 2);
        what = words[1];
        computeMs = (int) job.number("computeMs", 0);
        double density = job.number("density", 1);
        int parameters = job.bytes() / Float.BYTES;
        int shard = (int) (density * parameters / job.ranks());
        offsets = new int[job.ranks() + 1];
        for (int i = 0; i <= job.ranks(); i++) {
            offsets[i] = i * shard;
        }
        values = new float[job.ranks() * shard];
        sum = new float[shard];
        int domain = parameters / job.ranks();
        mask = new byte[MaskCodec.maxEncodedBytes(domain)];
        maskBytes = density < 1 ? drawMask(rank, shard, domain) : 0;
        masks = new ByteBlocks(job.ranks());
        CollectivesOptions options =
                new CollectivesOptions(CollectivesOptions.TIMEOUT_NS_DEFAULT, address, job.transportProperties());
        collectives = TransportSelection.byName(words[0]).connect(ProcessGroup.of(rank, job.ranks()), meeting, options);
    }

    /** A mask of random positions, the worst that the codec can meet at this density. */
    private int drawMask(int rank, int count, int domain) {
        Random random = new Random(rank);
        int[] positions = new int[count];
        int left = count;
        for (int i = 0; i < domain && left > 0; i++) {
            if (random.nextInt(domain - i) < left) {
                positions[count - left--] = i;
            }
        }
        return new MaskCodec().encode(positions, 0, count, domain, mask, 0);
    }

    @Override
    public long run() {
        long beganNs = System.nanoTime();
        switch (what) {
            case "dense" -> exchange();
            case "gather" -> collectives.allGather(values, offsets, WirePrecision.FP32);
            case "step" -> {
                PendingGather gather = collectives.allGatherAsync(PayloadKind.MASK, mask, maskBytes);
                exchange();
                gather.await(masks);
            }
            case "mask" -> {
                PendingGather gather = collectives.allGatherAsync(PayloadKind.MASK, mask, maskBytes);
                compute(TimeUnit.MILLISECONDS.toNanos(computeMs));
                beganNs = computeMs == 0 ? beganNs : System.nanoTime();
                gather.await(masks);
            }
            case "idle" -> rest(TimeUnit.SECONDS.toNanos(1));
            default ->
                throw new IllegalArgumentException("what=" + what + " (expected: dense, gather, step, mask or idle)");
        }
        return System.nanoTime() - beganNs;
    }

    private void exchange() {
        collectives.reduceScatter(values, offsets, WirePrecision.FP32, sum);
        collectives.allGather(values, offsets, WirePrecision.FP32);
    }

    private static void compute(long ns) {
        long untilNs = System.nanoTime() + ns;
        while (System.nanoTime() < untilNs) {
            Thread.onSpinWait();
        }
    }

    private static void rest(long ns) {
        long untilNs = System.nanoTime() + ns;
        for (long left = ns; left > 0; left = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** What the transport counted, behind the other fields of the result. */
    String facts() {
        return String.format(
                Locale.ROOT,
                "\tmaskBytes=%d\tvalueBytes=%d",
                collectives.stats().bytesSent(PayloadKind.MASK),
                collectives.stats().bytesSent(PayloadKind.VALUES));
    }

    @Override
    public void meet() {
        collectives.barrier();
    }

    @Override
    public void close() {
        collectives.close();
    }
}
