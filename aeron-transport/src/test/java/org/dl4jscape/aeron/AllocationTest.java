package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.PendingGather;
import org.dl4jscape.core.exchange.TransportSelection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Steps after the first ones allocate nothing, neither on the training thread nor on the exchange thread.
 *
 * <p>Read from the JVM's counter per thread, for windows of steps. While code is still interpreted the JVM allocates on
 * behalf of it, for how long depends on the load of the machine: so the quietest window counts. What allocates in every
 * step has no quiet window.
 */
class AllocationTest {
    private static final int WORLD_SIZE = 2;
    private static final int WINDOWS_MAX = 60;
    private static final int STEPS = 50;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc", "mixed", "tcp"})
    void shouldAllocateNothingOnceTheFirstStepsAreDone(String transport) throws Exception {
        List<Long> others = exchangeThreads();
        List<Collectives> ranks =
                LoopbackGroup.connect(WORLD_SIZE, (group, rendezvous) -> TransportSelection.byName(transport)
                        .connect(group, rendezvous, CollectivesOptions.defaults()));
        List<Long> exchange = new ArrayList<>(exchangeThreads());
        exchange.removeAll(others);
        assertEquals(WORLD_SIZE, exchange.size());
        AtomicLongArray quietest = new AtomicLongArray(new long[] {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE});
        ExecutorService training = Executors.newFixedThreadPool(WORLD_SIZE);
        List<Future<?>> running = new ArrayList<>();
        for (Collectives rank : ranks) {
            running.add(training.submit(() -> train(rank, exchange, quietest)));
        }
        for (Future<?> rank : running) {
            rank.get(120, TimeUnit.SECONDS);
        }
        training.shutdown();
        assertEquals(
                "[0, 0, 0]", quietest.toString(), "bytes by the training thread of each rank, and by exchange threads");
    }

    /** All ranks begin and end a window together; rank 0 looks at the exchange threads of all. */
    private void train(Collectives rank, List<Long> exchange, AtomicLongArray quietest) {
        try (rank) {
            int me = rank.group().rank();
            Step step = new Step(rank);
            boolean quiet = false;
            for (int window = 0; window < WINDOWS_MAX && !quiet; window++) {
                long exchangeBefore = me == 0 ? allocated(exchange) : 0;
                rank.barrier();
                long before = threads.getCurrentThreadAllocatedBytes();
                step.run();
                quietest.accumulateAndGet(me, threads.getCurrentThreadAllocatedBytes() - before, Math::min);
                rank.barrier();
                if (me == 0) {
                    quietest.accumulateAndGet(WORLD_SIZE, allocated(exchange) - exchangeBefore, Math::min);
                }
                rank.barrier();
                quiet = quietest.get(0) + quietest.get(1) + quietest.get(WORLD_SIZE) == 0;
                rank.barrier();
            }
        }
    }

    private static List<Long> exchangeThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("scape-exchange-"))
                .map(Thread::getId)
                .toList();
    }

    private long allocated(List<Long> ids) {
        long bytes = 0;
        for (long id : ids) {
            bytes += threads.getThreadAllocatedBytes(id);
        }
        return bytes;
    }

    /** The operations of a training step, on arrays that are made once. */
    private static final class Step {
        private final Collectives rank;
        private final int[] offsets = {0, 3000, 6000};
        private final float[] values = new float[6000];
        private final float[] sum = new float[3000];
        private final float[] weights = new float[500];
        private final byte[] mask = new byte[2000];
        private final ByteBlocks masks = new ByteBlocks(WORLD_SIZE);

        Step(Collectives rank) {
            this.rank = rank;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                PendingGather gather = rank.allGatherAsync(PayloadKind.MASK, mask, 1000 + step % 1000);
                rank.reduceScatter(values, offsets, WirePrecision.FP32, sum);
                rank.allGather(values, offsets, step % 2 == 0 ? WirePrecision.FP32 : WirePrecision.BF16);
                rank.broadcast(weights, step % WORLD_SIZE);
                rank.barrier();
                gather.await(masks);
            }
        }
    }
}
