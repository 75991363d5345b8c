package org.dl4jscape.aeron.exchange;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Leaves the group in order: tells every peer that nothing more will come, and waits until each has said that it
 * received everything.
 *
 * <p>A peer that is leaving too may be gone before its answer arrives; it has told that it needs nothing, so the answer
 * is awaited for a short time only. Once this rank has failed, the whole takes half a second at most. Confined to the
 * exchange thread.
 */
final class Departure {
    private static final long BOTH_LEAVING_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long AFTER_FAILURE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FLUSH_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ExchangeContext<?> context;
    private final ExchangeLink link;
    private final MessageWriter writer;
    private final PeerMonitor monitor;
    private long beganNs;
    private long repeatedNs;
    private long settledNs;
    private boolean begun;
    private boolean settled;

    Departure(ExchangeContext<?> context, ExchangeLink link, MessageWriter writer, PeerMonitor monitor) {
        this.context = context;
        this.link = link;
        this.writer = writer;
        this.monitor = monitor;
    }

    /** Goes on with leaving; true when nothing is left to wait for. */
    boolean isComplete(List<Peer> peers, long nowNs) {
        if (!begun) {
            begun = true;
            beganNs = nowNs;
            repeatedNs = nowNs - REPEAT_NS;
        }
        boolean repeat = nowNs - repeatedNs >= REPEAT_NS;
        if (repeat) {
            repeatedNs = nowNs;
        }
        boolean everybody = true;
        for (Peer peer : peers) {
            if (!isSettled(peer, nowNs)) {
                everybody = false;
                if (repeat) {
                    sayGoodbye(peer);
                }
            }
        }
        long limitNs = link.failure() == null ? context.timeoutNs() : AFTER_FAILURE_NS;
        if (nowNs - beganNs > limitNs) {
            return true;
        }
        if (everybody && !settled) {
            settled = true;
            settledNs = nowNs;
        }
        return settled && nowNs - settledNs >= FLUSH_NS;
    }

    private void sayGoodbye(Peer peer) {
        if (peer.outgoing.isEmpty() || link.failure() != null) {
            writer.leave(peer, link.startedSequence());
        }
    }

    private boolean isSettled(Peer peer, long nowNs) {
        if (!peer.reached || peer.leaveSeen || monitor.isSilent(peer, nowNs)) {
            return true;
        }
        return link.hasLeft(peer.rank) && nowNs - beganNs > BOTH_LEAVING_NS;
    }
}
