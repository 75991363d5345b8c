package org.dl4jscape.core.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.step.RankThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ranks find a transport and each other, and what they are told when they do not. */
class ConnectionTest {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    @Test
    void shouldFindTheTransportByName() {
        assertEquals("inprocess", TransportSelection.byName("inprocess").name());
    }

    @Test
    void shouldListTransportsAndNameTheJarOfAeron() {
        var unknown = assertThrows(IllegalArgumentException.class, () -> TransportSelection.byName("carrier-pigeon"));
        assertEquals(
                "transport=carrier-pigeon (expected: one of [inprocess]); for aeron add the artifact"
                        + " org.dl4jscape:scape-aeron",
                unknown.getMessage());
    }

    @Test
    void shouldConnectTwoGroupsAtOnceAndKeepThemApart() {
        CollectivesProvider provider = TransportSelection.byName("inprocess");
        ThreadRendezvous first = new ThreadRendezvous(2, TIMEOUT_NS);
        ThreadRendezvous second = new ThreadRendezvous(2, TIMEOUT_NS);
        Collectives[] connected = new Collectives[4];
        RankThreads.run(4, thread -> {
            int rank = thread % 2;
            ThreadRendezvous rendezvous = thread < 2 ? first : second;
            connected[thread] =
                    provider.connect(ProcessGroup.of(rank, 2), rendezvous.of(rank), CollectivesOptions.defaults());
            float[] values = {thread};
            connected[thread].broadcast(values, 0);
            assertEquals(thread < 2 ? 0 : 2, values[0]);
        });
        assertNotSame(connected[0], connected[2]);
    }

    @Test
    void shouldRefuseRanksOfOtherJvms() {
        CollectivesProvider provider = TransportSelection.byName("inprocess");
        Rendezvous elsewhere = line -> new String[] {line, "0000 another JVM"};
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> provider.connect(ProcessGroup.of(0, 2), elsewhere, CollectivesOptions.defaults()));
        assertEquals(
                "rank 1 runs in another JVM than rank 0; transport inprocess needs all ranks in one, use transport aeron",
                refused.getMessage());
    }

    @Test
    void shouldRefusePropertiesThatItDoesNotKnow() {
        CollectivesProvider provider = TransportSelection.byName("inprocess");
        CollectivesOptions options = new CollectivesOptions(1, "127.0.0.1", Map.of("mtu", "1408"));
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> provider.connect(ProcessGroup.of(0, 1), line -> new String[] {line}, options));
        assertTrue(String.valueOf(refused.getMessage()).contains("[mtu]"), refused.getMessage());
    }

    @Test
    void shouldMeetAsOftenAsRanksLike() {
        ThreadRendezvous rendezvous = new ThreadRendezvous(3, TIMEOUT_NS);
        RankThreads.run(3, rank -> {
            for (int round = 0; round < 50; round++) {
                String[] lines = rendezvous.of(rank).allGather(rank + "/" + round);
                assertArrayEquals(new String[] {"0/" + round, "1/" + round, "2/" + round}, lines);
            }
        });
    }

    @Test
    void shouldEndARendezvousToWhichOneDoesNotCome() {
        ThreadRendezvous rendezvous = new ThreadRendezvous(2, TimeUnit.MILLISECONDS.toNanos(50));
        var late = assertThrows(
                CollectiveTimeoutException.class, () -> rendezvous.of(0).allGather("x"));
        assertEquals(1, late.missingRank());
        ThreadRendezvous aborted = new ThreadRendezvous(2, TIMEOUT_NS);
        aborted.abort(1, "no slot");
        assertThrows(RankAbortedException.class, () -> aborted.of(0).allGather("x"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, worldSize=0 (expected: >= 1)",
        "2, 2, 0, rank=2 (expected: 0 <= rank < worldSize=2)",
        "-1, 2, 0, rank=-1 (expected: 0 <= rank < worldSize=2)",
        "0, 1, -1, generation=-1 (expected: >= 0)"
    })
    void shouldRefuseAPlaceThatDoesNotExist(int rank, int worldSize, int generation, String message) {
        var refused = assertThrows(IllegalArgumentException.class, () -> new ProcessGroup(rank, worldSize, generation));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void shouldRefuseOptionsOutsideTheirRange() {
        var timeout =
                assertThrows(IllegalArgumentException.class, () -> new CollectivesOptions(0, "127.0.0.1", Map.of()));
        assertEquals("timeoutNs=0 (expected: > 0)", timeout.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new CollectivesOptions(1, " ", Map.of()));
    }

    @Test
    void shouldKeepBlocksInRankOrderAndReadNumbersLittleEndian() {
        ByteBlocks blocks = new ByteBlocks(2);
        blocks.append(new byte[] {9, 1, 2, 0, 0}, 1, 4);
        blocks.append(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f, 5}, 0, 9);
        assertEquals(2, blocks.size());
        assertEquals(513, blocks.intAt(0, 0));
        assertEquals(1.0, blocks.doubleAt(1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> blocks.intAt(0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> blocks.doubleAt(1, 2));
        assertThrows(IllegalStateException.class, () -> blocks.append(new byte[1], 0, 1));
        blocks.clear();
        blocks.append(new byte[] {7}, 0, 1);
        assertEquals(1, blocks.length(0));
    }

    @Test
    void shouldCountBytesByKindAndDirection() {
        CountedBytes counters = new CountedBytes();
        counters.addSent(PayloadKind.MASK, 5);
        counters.addSent(PayloadKind.MASK, 6);
        counters.addReceived(PayloadKind.VALUES, 7);
        assertEquals(11, counters.bytesSent(PayloadKind.MASK));
        assertEquals(0, counters.bytesSent(PayloadKind.VALUES));
        assertEquals(7, counters.bytesReceived(PayloadKind.VALUES));
    }
}
