package org.dl4jscape.aeron.exchange;

import java.util.List;
import java.util.Locale;

/**
 * Shows peers that this rank is alive, and finds out which of them is not.
 *
 * <p>After data a small frame follows after the nudge interval, then after twice that, and so on up to the heartbeat
 * interval: it reveals the loss of a last frame long before the medium would notice, and is the heartbeat at the same time.
 * A pause of this rank itself is not counted against the others. Whatever arrives is a sign of life, also what waits behind a
 * gap that the medium is repairing: on a link that is full, repairs take their time. Confined to the exchange thread.
 */
final class PeerMonitor {
    private static final double NS_PER_SECOND = 1e9;

    private final ExchangeContext<?> context;
    private final ExchangeLink link;
    private final MessageWriter writer;
    private final int worldSize;
    private long lastTickNs;

    PeerMonitor(ExchangeContext<?> context, ExchangeLink link, MessageWriter writer, int worldSize, long nowNs) {
        this.context = context;
        this.link = link;
        this.writer = writer;
        this.worldSize = worldSize;
        this.lastTickNs = nowNs;
    }

    /** Sends what is due and checks who is silent; returns the number of frames sent. */
    int tick(List<Peer> peers, long nowNs) {
        long pause = nowNs - lastTickNs;
        lastTickNs = nowNs;
        boolean paused = pause > context.peerLivenessTimeoutNs() / 4;
        int work = 0;
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            if (paused || peer.heldBack) {
                long heard = link.lastHeardNs.get(peer.rank);
                link.lastHeardNs.lazySet(peer.rank, peer.heldBack ? nowNs : Math.min(nowNs, heard + pause));
            }
            listen(peer, nowNs);
            work += nudge(peer, nowNs);
            judge(peer, nowNs);
        }
        return work;
    }

    /** Data went out: the next frame without content follows soon. */
    void sent(Peer peer, long nowNs) {
        peer.lastSentNs = nowNs;
        peer.quietNs = context.nudgeIntervalNs();
    }

    boolean isSilent(Peer peer, long nowNs) {
        return nowNs - link.lastHeardNs.get(peer.rank) > context.peerLivenessTimeoutNs();
    }

    private void listen(Peer peer, long nowNs) {
        long arrived = peer.route.arrived();
        if (arrived != peer.arrived) {
            peer.arrived = arrived;
            if (peer.heard) {
                link.lastHeardNs.lazySet(peer.rank, nowNs);
            }
        }
    }

    private int nudge(Peer peer, long nowNs) {
        if (nowNs - peer.lastSentNs < peer.quietNs || link.hasLeft(peer.rank)) {
            return 0;
        }
        if (!writer.heartbeat(peer)) {
            return 0;
        }
        peer.lastSentNs = nowNs;
        peer.quietNs = Math.min(2 * peer.quietNs, context.heartbeatIntervalNs());
        return 1;
    }

    private void judge(Peer peer, long nowNs) {
        if (!peer.heard || link.hasLeft(peer.rank) || !isSilent(peer, nowNs) || link.failure() != null) {
            return;
        }
        double seconds = (nowNs - link.lastHeardNs.get(peer.rank)) / NS_PER_SECOND;
        link.fail(Failure.lost(
                peer.rank,
                String.format(
                        Locale.ROOT,
                        "rank %d of %d is lost: nothing heard for %.1f s (%s)",
                        peer.rank,
                        worldSize,
                        seconds,
                        peer.route.address())));
    }
}
