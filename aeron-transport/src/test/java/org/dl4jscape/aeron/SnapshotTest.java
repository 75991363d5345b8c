package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.core.exchange.TransportSnapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rank can tell of its transport. */
class SnapshotTest {
    private static final int VALUES = 50_000;
    private static final CollectivesOptions OPTIONS =
            new CollectivesOptions(TimeUnit.SECONDS.toNanos(60), "127.0.0.1", Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc", "tcp"})
    void shouldTellBytesPhaseAndPeersAlsoWhenClosed(String transport) throws Exception {
        List<Collectives> ranks = LoopbackGroup.connect(
                2, (group, rendezvous) -> TransportSelection.byName(transport).connect(group, rendezvous, OPTIONS));
        TransportSnapshot before = ranks.get(0).stats().snapshot();
        assertEquals("computes after operation -1", before.phase());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Collectives rank : ranks) {
                running.add(threads.submit(() -> {
                    rank.allGather(new float[VALUES], new int[] {0, VALUES / 2, VALUES}, WirePrecision.FP32);
                    rank.close();
                }));
            }
            for (Future<?> end : running) {
                end.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        for (int rank = 0; rank < 2; rank++) {
            TransportSnapshot after = ranks.get(rank).stats().snapshot();
            assertEquals("left after operation 0", after.phase());
            assertEquals(Map.of(), after.framesDropped());
            long sent = after.bytesSent().get(PayloadKind.VALUES);
            assertEquals(ranks.get(rank).stats().bytesSent(PayloadKind.VALUES), sent);
            assertTrue(sent > VALUES / 2 * Float.BYTES, "sent " + sent);
            TransportSnapshot.Peer peer = after.peers().get(0);
            assertEquals(1, after.peers().size());
            assertEquals(1 - rank, peer.rank());
            assertTrue(peer.hasLeft());
            assertTrue(peer.silentNs() >= 0 && peer.backPressure() >= 0);
            assertFalse(peer.address().isEmpty());
            assertThrows(
                    UnsupportedOperationException.class, () -> after.bytesSent().clear());
        }
        assertEquals(0, before.bytesSent().get(PayloadKind.VALUES), "a snapshot does not move");
    }
}
