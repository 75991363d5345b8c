package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.dl4jscape.core.exchange.PayloadKind;
import org.junit.jupiter.api.Test;

/** The contract, over UDP on the loopback interface. */
class AeronCollectivesTest extends CollectivesContract {
    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        return LoopbackGroup.connect(worldSize, rank -> new AeronTransport.Context().timeoutNs(timeoutNs));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT / Float.BYTES + 30_001;
    }

    @Test
    void shouldSlowDownASenderThatIsFarAhead() throws Exception {
        List<Collectives> ranks = LoopbackGroup.connect(
                2,
                rank -> new AeronTransport.Context().timeoutNs(LONG_TIMEOUT_NS).receiveBufferLength(32 * 1024));
        onEachRank(ranks, rank -> {
            if (rank.group().rank() == 1) {
                Thread.sleep(300);
            }
            for (int round = 0; round < 400; round++) {
                float[] values = new float[3000];
                if (rank.group().rank() == 0) {
                    Arrays.fill(values, round);
                }
                rank.broadcast(values, 0);
                assertEquals(round, values[2999]);
            }
            rank.close();
        });
    }

    @Test
    void shouldWorkWithADriverThreadAndEthernetDatagrams() throws Exception {
        List<Collectives> ranks = LoopbackGroup.connect(2, rank -> new AeronTransport.Context()
                .timeoutNs(LONG_TIMEOUT_NS)
                .driverThreading(AeronTransport.DriverThreading.SHARED)
                .mtuLength(1408));
        onEachRank(ranks, rank -> {
            float[] sum = new float[100_000];
            float[] ones = new float[200_000];
            Arrays.fill(ones, 1);
            rank.reduceScatter(ones, new int[] {0, 100_000, 200_000}, WirePrecision.FP32, sum);
            assertEquals(2f, sum[99_999]);
            rank.close();
        });
    }

    @Test
    void shouldLetAllRanksLeaveAtOnceWithoutAnyOperation() throws Exception {
        for (int i = 0; i < 5; i++) {
            onEachRank(connect(3, LONG_TIMEOUT_NS), Collectives::close);
        }
    }

    @Test
    void shouldFailTheSameWayEverAfter() throws Exception {
        List<Collectives> ranks = connect(2, SHORT_TIMEOUT_NS);
        CollectiveTimeoutException first = assertThrows(
                CollectiveTimeoutException.class, () -> ranks.get(0).barrier());
        CollectiveTimeoutException later = assertThrows(
                CollectiveTimeoutException.class, () -> ranks.get(0).allGatherAsync(PayloadKind.MASK, new byte[1], 1));
        assertEquals(first.getMessage(), later.getMessage());
        assertEquals(1, later.missingRank());
        onEachRank(ranks, Collectives::close);
    }

    @Test
    void shouldRefuseToConnectRanksWithDifferentDatagrams() {
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> LoopbackGroup.connect(2, rank -> new AeronTransport.Context().mtuLength(1408 << rank)));
        assertInstanceOf(CollectiveException.class, failed.getCause());
        assertTrue(String.valueOf(failed.getCause().getMessage()).contains("mtuLength"), failed.toString());
    }

    @Test
    void shouldRefuseAnAddressOfAnotherMachineWithItsName() {
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> LoopbackGroup.connect(2, rank -> new AeronTransport.Context()
                        .bindAddress("192.0.2.1")
                        .timeoutNs(SHORT_TIMEOUT_NS)));
        assertTrue(
                String.valueOf(failed.getCause().getMessage()).contains("bindAddress=192.0.2.1 cannot be bound"),
                failed.toString());
    }
}
