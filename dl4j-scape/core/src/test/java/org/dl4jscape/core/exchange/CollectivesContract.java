package org.dl4jscape.core.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.core.config.WirePrecision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Collectives} must do; one line per implementation, in its {@link #connect}.
 *
 * <p>Each rank runs in a thread of its own, as in a training.
 */
public abstract class CollectivesContract {
    /** Deadline of the tests that must not reach it. */
    protected static final long LONG_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    /** Deadline of the tests that wait for it. */
    protected static final long SHORT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<Collectives> opened = new ArrayList<>();

    /**
     * Connects a group; element r belongs to rank r. Every wait of an operation ends after {@code timeoutNs}; how long
     * connecting may take does not depend on it.
     */
    protected abstract List<Collectives> connect(int worldSize, long timeoutNs) throws Exception;

    /** Length of a shard in values that is certain to need several of the implementation's largest buffers. */
    protected int longShard() {
        return 100_003;
    }

    /** What one rank does. */
    @FunctionalInterface
    protected interface RankBody {
        /** Runs on the thread of {@code rank}. */
        void run(Collectives rank) throws Exception;
    }

    @AfterEach
    void closeAll() throws Exception {
        onEachRank(opened, Collectives::close);
    }

    @ParameterizedTest
    @CsvSource({
        "1,0", "1,7", "2,0", "2,1", "2,333", "2,1001", "3,0", "3,1", "3,777", "4,0", "4,1", "4,4099", "8,0", "8,1",
        "8,1027"
    })
    void shouldSumInRankOrderToTheBit(int worldSize, int shard) throws Exception {
        checkReduceScatter(worldSize, RankData.evenly(worldSize, shard), WirePrecision.FP32);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldSumShardsLargerThanAnyBuffer(int worldSize) throws Exception {
        checkReduceScatter(worldSize, RankData.evenly(worldSize, longShard()), WirePrecision.FP32);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void shouldSumTwoShardsLargerThanAnyBufferAmongEmptyOnes(int worldSize) throws Exception {
        int[] offsets = new int[worldSize + 1];
        Arrays.fill(offsets, 2, worldSize, longShard());
        offsets[worldSize] = 2 * longShard() + 1;
        checkReduceScatter(worldSize, offsets, WirePrecision.FP32);
    }

    @Test
    void shouldSumShardsOfDifferentLengthsAndEmptyOnes() throws Exception {
        checkReduceScatter(4, new int[] {0, 5, 5, 1300, 1301}, WirePrecision.FP32);
    }

    @ParameterizedTest
    @EnumSource(WirePrecision.class)
    void shouldCarryEveryPrecisionWithoutChangingRoundedValues(WirePrecision precision) throws Exception {
        checkReduceScatter(3, RankData.evenly(3, 515), precision);
        checkAllGather(3, RankData.evenly(3, 515), precision);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,7", "2,0", "2,1", "2,333", "3,0", "3,1", "3,777", "4,1", "4,4099", "8,0", "8,1027"})
    void shouldGatherTheValuesOfAllRanks(int worldSize, int shard) throws Exception {
        checkAllGather(worldSize, RankData.evenly(worldSize, shard), WirePrecision.FP32);
    }

    @Test
    void shouldGatherShardsLargerThanAnyBuffer() throws Exception {
        checkAllGather(3, new int[] {0, longShard(), longShard(), 2 * longShard() + 1}, WirePrecision.FP32);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void shouldGatherBlocksOfDifferentLengthsBehindOtherOperations(int worldSize) throws Exception {
        List<Collectives> ranks = open(worldSize, LONG_TIMEOUT_NS);
        int[] offsets = RankData.evenly(worldSize, 100);
        onEachRank(ranks, rank -> {
            ByteBlocks masks = new ByteBlocks(worldSize);
            ByteBlocks votes = new ByteBlocks(worldSize);
            int me = rank.group().rank();
            for (int round = 0; round < 5; round++) {
                byte[] payload = RankData.block(me, round);
                PendingGather mask = rank.allGatherAsync(PayloadKind.MASK, payload, payload.length);
                PendingGather vote = rank.allGatherAsync(PayloadKind.CONTROL, new byte[] {(byte) me, (byte) round}, 2);
                payload[0] ^= 1;
                float[] values = RankData.values(me, offsets[worldSize]);
                rank.allGather(values, offsets, WirePrecision.FP32);
                vote.await(votes);
                mask.await(masks);
                for (int other = 0; other < worldSize; other++) {
                    assertArrayEquals(RankData.block(other, round), RankData.copyOf(masks, other));
                    assertArrayEquals(new byte[] {(byte) other, (byte) round}, RankData.copyOf(votes, other));
                }
            }
        });
    }

    @Test
    void shouldGatherEmptyBlocks() throws Exception {
        onEachRank(open(3, LONG_TIMEOUT_NS), rank -> {
            ByteBlocks blocks = new ByteBlocks(3);
            int length = rank.group().rank() == 1 ? 3 : 0;
            rank.allGatherAsync(PayloadKind.MASK, new byte[] {1, 2, 3}, length).await(blocks);
            assertEquals(3, blocks.size());
            assertEquals(0, blocks.length(0));
            assertArrayEquals(new byte[] {1, 2, 3}, RankData.copyOf(blocks, 1));
            assertEquals(0, blocks.length(2));
        });
    }

    @Test
    void shouldRefuseASecondGatherOfTheSameKindAndASecondAwait() throws Exception {
        onEachRank(open(2, LONG_TIMEOUT_NS), rank -> {
            PendingGather first = rank.allGatherAsync(PayloadKind.MASK, new byte[4], 4);
            assertThrows(IllegalStateException.class, () -> rank.allGatherAsync(PayloadKind.MASK, new byte[4], 4));
            ByteBlocks blocks = new ByteBlocks(2);
            first.await(blocks);
            assertThrows(IllegalStateException.class, () -> first.await(blocks));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void shouldBroadcastFromEveryRoot(int worldSize) throws Exception {
        onEachRank(open(worldSize, LONG_TIMEOUT_NS), rank -> {
            for (int root = 0; root < worldSize; root++) {
                float[] values = RankData.values(rank.group().rank(), 1500 * root);
                rank.broadcast(values, root);
                assertArrayEquals(RankData.values(root, 1500 * root), values);
            }
        });
    }

    @Test
    void shouldDeliverManyBroadcastsToARankThatComesLate() throws Exception {
        onEachRank(open(3, LONG_TIMEOUT_NS), rank -> {
            if (rank.group().rank() == 2) {
                Thread.sleep(100);
            }
            for (int round = 0; round < 200; round++) {
                float[] values = RankData.values(rank.group().rank() + round, 3000);
                rank.broadcast(values, 0);
                assertArrayEquals(RankData.values(round, 3000), values);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void shouldHoldTheBarrierUntilAllHaveCome(int worldSize) throws Exception {
        List<Collectives> ranks = open(worldSize, LONG_TIMEOUT_NS);
        long[] arrivedNs = new long[worldSize];
        long[] passedNs = new long[worldSize];
        onEachRank(ranks, rank -> {
            int me = rank.group().rank();
            Thread.sleep(5L * me);
            arrivedNs[me] = System.nanoTime();
            rank.barrier();
            passedNs[me] = System.nanoTime();
        });
        for (int rank = 0; rank < worldSize; rank++) {
            assertTrue(passedNs[rank] - arrivedNs[worldSize - 1] >= 0, "rank " + rank + " passed before the last came");
        }
    }

    @Test
    void shouldRunManyStepsOfAllOperations() throws Exception {
        int worldSize = 3;
        int[] offsets = RankData.evenly(worldSize, 50);
        onEachRank(open(worldSize, LONG_TIMEOUT_NS), rank -> {
            ByteBlocks blocks = new ByteBlocks(worldSize);
            float[] sum = new float[50];
            float[] gathered = new float[offsets[worldSize]];
            int me = rank.group().rank();
            for (int step = 0; step < 300; step++) {
                PendingGather mask = rank.allGatherAsync(PayloadKind.MASK, RankData.block(me, step), 30);
                rank.reduceScatter(RankData.values(me + step, offsets[worldSize]), offsets, WirePrecision.FP32, sum);
                System.arraycopy(sum, 0, gathered, offsets[me], 50);
                rank.allGather(gathered, offsets, WirePrecision.FP32);
                assertArrayEquals(RankData.sums(step, worldSize, offsets[worldSize]), gathered, "step " + step);
                mask.await(blocks);
            }
        });
    }

    @Test
    void shouldTellAllRanksWhoAbortedAndWhy() throws Exception {
        List<Collectives> ranks = open(3, LONG_TIMEOUT_NS);
        onEachRank(ranks, rank -> {
            if (rank.group().rank() == 1) {
                rank.abort("the disk is full");
                return;
            }
            RankAbortedException first = assertThrows(RankAbortedException.class, rank::barrier);
            assertEquals(1, first.abortedRank());
            assertTrue(String.valueOf(first.getMessage()).contains("the disk is full"), first.getMessage());
            RankAbortedException later =
                    assertThrows(RankAbortedException.class, () -> rank.broadcast(new float[1], 0));
            assertEquals(1, later.abortedRank());
        });
    }

    @Test
    void shouldNameTheRankThatDoesNotCome() throws Exception {
        List<Collectives> ranks = open(3, SHORT_TIMEOUT_NS);
        CountDownLatch othersGaveUp = new CountDownLatch(2);
        onEachRank(ranks, rank -> {
            if (rank.group().rank() == 1) {
                assertTrue(othersGaveUp.await(30, TimeUnit.SECONDS));
                return;
            }
            try {
                CollectiveTimeoutException late = assertThrows(CollectiveTimeoutException.class, rank::barrier);
                assertEquals(1, late.missingRank());
                assertTrue(String.valueOf(late.getMessage()).contains("rank 1"), late.getMessage());
            } finally {
                othersGaveUp.countDown();
            }
        });
    }

    @Test
    void shouldEndAWaitWhenTheThreadIsInterrupted() throws Exception {
        List<Collectives> ranks = open(2, LONG_TIMEOUT_NS);
        onEachRank(ranks, rank -> {
            if (rank.group().rank() == 0) {
                Thread.currentThread().interrupt();
                assertThrows(CollectiveException.class, rank::barrier);
                assertTrue(Thread.interrupted(), "the interrupt must be kept");
                rank.abort("interrupted");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryWaitAtTheDeadlineAndNameTheMissingRank(WaitingOperation operation) throws Exception {
        onEachRank(open(3, SHORT_TIMEOUT_NS), rank -> {
            if (rank.group().rank() == 1) {
                Thread.sleep(2 * TimeUnit.NANOSECONDS.toMillis(SHORT_TIMEOUT_NS));
                return;
            }
            CollectiveTimeoutException late = assertThrows(CollectiveTimeoutException.class, () -> operation.run(rank));
            assertEquals(1, late.missingRank(), late.getMessage());
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryWaitWhenARankAbortsMeanwhile(WaitingOperation operation) throws Exception {
        onEachRank(open(3, LONG_TIMEOUT_NS), rank -> {
            if (rank.group().rank() == 1) {
                Thread.sleep(50);
                Thread other = new Thread(() -> rank.abort("the driver said so"));
                other.start();
                other.join(TimeUnit.SECONDS.toMillis(20));
                return;
            }
            RankAbortedException failure = assertThrows(RankAbortedException.class, () -> operation.run(rank));
            assertEquals(1, failure.abortedRank());
            assertTrue(String.valueOf(failure.getMessage()).contains("the driver said so"), failure.getMessage());
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryWaitWhenItsThreadIsInterruptedMeanwhile(WaitingOperation operation) throws Exception {
        onEachRank(open(3, LONG_TIMEOUT_NS), rank -> {
            if (rank.group().rank() != 0) {
                return;
            }
            Thread waiting = Thread.currentThread();
            Thread other = new Thread(() -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                waiting.interrupt();
            });
            other.start();
            CollectiveException failure = assertThrows(CollectiveException.class, () -> operation.run(rank));
            assertTrue(Thread.interrupted(), "the interrupt must be kept");
            assertTrue(String.valueOf(failure.getMessage()).contains("interrupted"), failure.getMessage());
            other.join(TimeUnit.SECONDS.toMillis(20));
            rank.abort("interrupted");
        });
    }

    @Test
    void shouldKeepTheFirstReasonOfSeveralAborts() throws Exception {
        onEachRank(open(2, LONG_TIMEOUT_NS), rank -> {
            if (rank.group().rank() == 0) {
                rank.abort("first");
                rank.abort("second");
            }
            RankAbortedException failure = assertThrows(RankAbortedException.class, rank::barrier);
            assertTrue(String.valueOf(failure.getMessage()).contains("first"), failure.getMessage());
        });
    }

    @Test
    void shouldReportDifferentOperationsThatMeet() throws Exception {
        onEachRank(open(2, TimeUnit.SECONDS.toNanos(5)), rank -> {
            WaitingOperation operation =
                    rank.group().rank() == 0 ? WaitingOperation.BARRIER : WaitingOperation.ALL_GATHER;
            assertThrows(CollectiveException.class, () -> operation.run(rank));
        });
    }

    @Test
    void shouldNotRoundWhatItCarries() throws Exception {
        int[] offsets = {0, 4, 8};
        float[] odd = {-0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.MAX_VALUE, 1, -1, 0x1.000002p0f, 0};
        onEachRank(open(2, LONG_TIMEOUT_NS), rank -> {
            float[] values = odd.clone();
            rank.allGather(values, offsets, WirePrecision.FP32);
            for (int i = 0; i < odd.length; i++) {
                assertEquals(Float.floatToRawIntBits(odd[i]), Float.floatToRawIntBits(values[i]), "value " + i);
            }
        });
    }

    @Test
    void shouldReportOperationsThatDoNotMatch() throws Exception {
        List<Collectives> ranks = open(2, TimeUnit.SECONDS.toNanos(5));
        onEachRank(ranks, rank -> {
            int[] offsets = rank.group().rank() == 0 ? new int[] {0, 4, 8} : new int[] {0, 5, 8};
            CollectiveException mismatch = assertThrows(
                    CollectiveException.class,
                    () -> rank.reduceScatter(new float[8], offsets, WirePrecision.FP32, new float[8]));
            assertTrue(String.valueOf(mismatch.getMessage()).contains("reduce-scatter"), mismatch.getMessage());
        });
    }

    @Test
    void shouldLetRanksLeaveAtDifferentTimes() throws Exception {
        List<Collectives> ranks = open(3, LONG_TIMEOUT_NS);
        onEachRank(ranks, rank -> {
            int me = rank.group().rank();
            rank.barrier();
            Thread.sleep(30L * me);
            rank.close();
            rank.close();
        });
    }

    @Test
    void shouldCountBytesByKind() throws Exception {
        int[] offsets = {0, 1000, 2000};
        onEachRank(open(2, LONG_TIMEOUT_NS), rank -> {
            rank.reduceScatter(new float[2000], offsets, WirePrecision.FP32, new float[1000]);
            long values = rank.stats().bytesSent(PayloadKind.VALUES);
            assertTrue(values >= 4000 && values < 4800, "values sent: " + values);
            assertEquals(values, rank.stats().bytesReceived(PayloadKind.VALUES));
            rank.barrier();
            rank.allGather(new float[2000], offsets, WirePrecision.BF16);
            long both = rank.stats().bytesSent(PayloadKind.VALUES);
            assertTrue(both - values >= 2000 && both - values < 2400, "values sent: " + (both - values));
            rank.allGatherAsync(PayloadKind.MASK, new byte[500], 500).await(new ByteBlocks(2));
            long mask = rank.stats().bytesSent(PayloadKind.MASK);
            assertTrue(mask >= 500 && mask < 700, "mask sent: " + mask);
            assertEquals(mask, rank.stats().bytesReceived(PayloadKind.MASK));
            long control = rank.stats().bytesSent(PayloadKind.CONTROL);
            rank.broadcast(new float[1000], rank.group().worldSize() - 1);
            long weights = rank.stats().bytesSent(PayloadKind.CONTROL) - control;
            assertTrue(rank.group().rank() == 0 || weights >= 4000, "broadcast sent as control: " + weights);
            assertEquals(both, rank.stats().bytesSent(PayloadKind.VALUES), "a broadcast counts as control");
        });
    }

    private void checkReduceScatter(int worldSize, int[] offsets, WirePrecision precision) throws Exception {
        int length = offsets[worldSize];
        float[] expected = RankData.sums(0, worldSize, length, precision);
        onEachRank(open(worldSize, LONG_TIMEOUT_NS), rank -> {
            int me = rank.group().rank();
            float[] sum = new float[offsets[me + 1] - offsets[me]];
            rank.reduceScatter(RankData.rounded(RankData.values(me, length), precision), offsets, precision, sum);
            assertSameBits(expected, offsets[me], sum, me);
        });
    }

    private static void assertSameBits(float[] expected, int from, float[] actual, int rank) {
        for (int i = 0; i < actual.length; i++) {
            if (Float.floatToRawIntBits(expected[from + i]) != Float.floatToRawIntBits(actual[i])) {
                fail("seed " + RankData.SEED + ", rank " + rank + ", value " + i + ": expected " + expected[from + i]
                        + " but was " + actual[i]);
            }
        }
    }

    private void checkAllGather(int worldSize, int[] offsets, WirePrecision precision) throws Exception {
        int length = offsets[worldSize];
        float[] expected = RankData.rounded(RankData.values(0, length), precision);
        onEachRank(open(worldSize, LONG_TIMEOUT_NS), rank -> {
            int me = rank.group().rank();
            float[] values = new float[length];
            System.arraycopy(expected, offsets[me], values, offsets[me], offsets[me + 1] - offsets[me]);
            rank.allGather(values, offsets, precision);
            assertArrayEquals(expected, values, "seed " + RankData.SEED);
        });
    }

    private List<Collectives> open(int worldSize, long timeoutNs) throws Exception {
        List<Collectives> ranks = connect(worldSize, timeoutNs);
        opened.addAll(ranks);
        for (int rank = 0; rank < worldSize; rank++) {
            assertEquals(rank, ranks.get(rank).group().rank());
        }
        return ranks;
    }

    /** Runs {@code body} for all ranks at the same time and fails as the first of them failed. */
    protected static void onEachRank(List<Collectives> ranks, RankBody body) throws Exception {
        if (ranks.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(ranks.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Collectives rank : ranks) {
                running.add(threads.submit(() -> {
                    body.run(rank);
                    return null;
                }));
            }
            for (Future<?> rank : running) {
                rank.get(60, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw assertInstanceOf(Exception.class, e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
