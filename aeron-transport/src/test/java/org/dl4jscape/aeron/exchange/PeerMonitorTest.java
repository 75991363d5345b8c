package org.dl4jscape.aeron.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Test;

/** Rank 0 watches rank 1; the time is that of the test. */
class PeerMonitorTest {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LIVENESS_NS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final ExchangeLink link = new ExchangeLink(2);
    private final MemoryRoute route = new MemoryRoute(1376);
    private final Peer peer = new Peer(1, route);
    private final PeerMonitor monitor = new PeerMonitor(
            new Settings().peerLivenessTimeoutNs(LIVENESS_NS).conclude(),
            link,
            new MessageWriter(ProcessGroup.of(0, 2), new CountedBytes()),
            2,
            0);
    private long nowNs;

    /** The settings that all media share. */
    private static final class Settings extends ExchangeContext<Settings> {
        @Override
        protected Settings self() {
            return this;
        }

        @Override
        protected void concludeMedium() {}
    }

    @Test
    void shouldLoseAPeerOfWhichNothingArrives() {
        peer.heard = true;
        tickUntil(LIVENESS_NS);
        assertNull(link.failure());
        tickUntil(LIVENESS_NS + 2 * TICK_NS);
        Failure failure = link.failure();
        assertNotNull(failure);
        assertEquals(1, failure.rank());
    }

    @Test
    void shouldKeepAPeerWhoseBytesWaitBehindAGap() {
        peer.heard = true;
        while (nowNs < 4 * LIVENESS_NS) {
            route.arrived++;
            tickUntil(nowNs + LIVENESS_NS / 2);
        }
        assertNull(link.failure());
        tickUntil(nowNs + 2 * LIVENESS_NS);
        assertNotNull(link.failure(), "nothing has arrived since");
    }

    @Test
    void shouldNotCountAPauseOfThisRankAgainstThePeer() {
        peer.heard = true;
        nowNs += 10 * LIVENESS_NS;
        monitor.tick(List.of(peer), nowNs);
        assertNull(link.failure());
    }

    private void tickUntil(long untilNs) {
        while (nowNs < untilNs) {
            nowNs += TICK_NS;
            monitor.tick(List.of(peer), nowNs);
        }
    }
}
