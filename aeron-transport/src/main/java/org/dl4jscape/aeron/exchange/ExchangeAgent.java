package org.dl4jscape.aeron.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.Agent;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends, receives and watches the peers of one rank; owns the medium.
 *
 * <p>Its life: open the doors and announce them, learn the doors of the others, connect, exchange, leave.
 */
final class ExchangeAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeAgent.class);
    private static final int FRAMES_PER_POLL = 64;
    private static final int CHUNKS_PER_TURN = 32;
    private static final int LAST_TURNS = 100;

    private final ProcessGroup group;
    private final ExchangeContext<?> context;
    private final ExchangeLink link;
    private final Medium medium;
    private final CountedBytes counters;
    private final MessageWriter writer;
    private final PeerMonitor monitor;
    private final Departure departure;
    private final ReceiveBudget budget;
    private final List<Peer> peers = new ArrayList<>();
    private final List<FrameReader> readers = new ArrayList<>();
    private final CompletableFuture<String> announced = new CompletableFuture<>();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch departed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final DroppedFrames droppedFrames = new DroppedFrames();
    private volatile @Nullable List<String> lines;
    private volatile int firstUnconnected;
    private boolean introduced;
    private boolean broken;

    ExchangeAgent(
            ProcessGroup group, ExchangeContext<?> context, ExchangeLink link, Medium medium, CountedBytes counters) {
        this.group = group;
        this.context = context;
        this.link = link;
        this.medium = medium;
        this.counters = counters;
        firstUnconnected = group.rank() == 0 ? group.worldSize() - 1 : 0;
        writer = new MessageWriter(group, counters);
        monitor = new PeerMonitor(context, link, writer, group.worldSize(), System.nanoTime());
        departure = new Departure(context, link, writer, monitor);
        budget = new ReceiveBudget(link, context.receiveBufferLength());
    }

    /** Completed with the line for the rendezvous when this rank listens. */
    CompletableFuture<String> announced() {
        return announced;
    }

    /** Tells where the other ranks listen, in rank order; any thread. */
    void introduce(List<String> all) {
        lines = List.copyOf(all);
        link.wakeExchange();
    }

    /** Opens when every peer has been heard and can be sent to. */
    CountDownLatch connected() {
        return connected;
    }

    /** The lowest rank that is not connected yet; any thread. */
    int firstUnconnected() {
        return firstUnconnected;
    }

    /** Where a peer is, for messages; any thread, once {@link #announced} is complete. */
    String address(int rank) {
        return rank == group.rank() ? "this rank" : medium.route(rank).address();
    }

    /** Opens when the peers know that this rank leaves, or it is in vain to tell them. */
    CountDownLatch departed() {
        return departed;
    }

    /** Opens when the medium is closed. */
    CountDownLatch ended() {
        return ended;
    }

    /** Frames that were dropped; any thread. */
    DroppedFrames droppedFrames() {
        return droppedFrames;
    }

    /** Whether something is under way for which microseconds count. */
    boolean isAttentive() {
        if (link.isTrainingWaiting() || link.isLeaving() || connected.getCount() > 0) {
            return true;
        }
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            if (!peer.outgoing.isEmpty() || !peer.incoming.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String roleName() {
        return "scape-exchange-" + group.rank();
    }

    @Override
    public void onStart() {
        link.exchangeRuns(Thread.currentThread());
        try {
            announced.complete(medium.open(this::onLost));
        } catch (RuntimeException | Error e) {
            broken = true;
            announced.completeExceptionally(e);
        }
    }

    @Override
    public int doWork() {
        if (broken) {
            if (link.isLeaving()) {
                departed.countDown();
            }
            return 0;
        }
        try {
            return turn(System.nanoTime());
        } catch (RuntimeException | Error e) {
            broken = true;
            link.fail(Failure.other(sentence(e), e));
            tellPeers("its exchange thread failed: " + e);
            return 0;
        }
    }

    private String sentence(Throwable e) {
        return e instanceof CollectiveException
                ? String.valueOf(e.getMessage())
                : "the exchange thread of " + group + " failed: " + e;
    }

    /** The last thing that a broken agent does; in vain if the medium itself is what broke. */
    private void tellPeers(String reason) {
        try {
            for (Peer peer : peers) {
                if (peer.route.isOpen()) {
                    writer.abort(peer, reason);
                }
            }
            for (int i = 0; i < LAST_TURNS; i++) {
                medium.work();
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: the peers could not be told: {}", group, e.toString());
        }
    }

    private int turn(long nowNs) {
        int work = medium.work() + takeCommands();
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            work += receive(peer, readers.get(i));
            work += send(peer, nowNs);
        }
        work += monitor.tick(peers, nowNs);
        if (connected.getCount() > 0) {
            connect(nowNs);
        }
        if (link.isLeaving() && departure.isComplete(peers, nowNs)) {
            departed.countDown();
        }
        return work;
    }

    private void connect(long nowNs) {
        List<String> all = lines;
        if (all == null) {
            return;
        }
        if (!introduced) {
            introduced = true;
            medium.introduce(all);
            meet(nowNs);
        }
        for (Peer peer : peers) {
            if (!peer.hasConnected()) {
                firstUnconnected = peer.rank;
                return;
            }
        }
        connected.countDown();
    }

    private void meet(long nowNs) {
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank != group.rank()) {
                Peer peer = new Peer(rank, medium.route(rank));
                peer.quietNs = context.nudgeIntervalNs();
                link.lastHeardNs.set(rank, nowNs);
                peers.add(peer);
                readers.add(new FrameReader(
                        group, peer, link, counters, budget, context.maxContributionLength(), droppedFrames));
            }
        }
    }

    private int takeCommands() {
        int taken = 0;
        Transfer transfer = link.commands.poll();
        while (transfer != null) {
            taken++;
            if (transfer instanceof Outbound outbound) {
                peerOf(outbound.peer).outgoing.add(outbound);
            } else if (transfer instanceof Inbound inbound) {
                budget.giveBack(inbound.length);
                peerOf(inbound.rank).spare.giveBack(inbound);
            }
            transfer = link.commands.poll();
        }
        return taken;
    }

    private int receive(Peer peer, FrameReader reader) {
        peer.heldBack = false;
        return peer.route.poll(reader, FRAMES_PER_POLL);
    }

    private int send(Peer peer, long nowNs) {
        String reason = link.abortReason();
        if (reason != null && !peer.abortSent && peer.route.isOpen()) {
            peer.abortSent = writer.abort(peer, reason);
            monitor.sent(peer, nowNs);
        }
        if (peer.owesLeaveSeen) {
            peer.owesLeaveSeen = !writer.leaveSeen(peer);
        }
        int chunks = 0;
        Outbound outbound = peer.outgoing.peek();
        while (outbound != null && chunks < CHUNKS_PER_TURN) {
            int length = Math.min(peer.chunkLength, outbound.length - outbound.sent);
            if (!link.hasLeft(peer.rank)) {
                if (!writer.chunk(peer, outbound, length)) {
                    break;
                }
                monitor.sent(peer, nowNs);
            }
            chunks++;
            outbound.sent += length;
            if (outbound.sent == outbound.length) {
                link.events.add(peer.outgoing.remove());
                link.wakeTraining();
                outbound = peer.outgoing.peek();
            }
        }
        return chunks;
    }

    private Peer peerOf(int rank) {
        return peers.get(rank < group.rank() ? rank : rank - 1);
    }

    private void onLost(int rank, String how) {
        if (!link.hasLeft(rank) && !link.isLeaving()) {
            link.fail(Failure.lost(
                    rank,
                    "rank " + rank + " of " + group.worldSize() + " is lost: " + how + " (" + address(rank) + ")"));
        }
    }

    @Override
    public void onClose() {
        try {
            medium.close();
        } catch (RuntimeException e) {
            LOG.warn("{}: {} did not close in order: {}", group, medium.name(), e.toString());
        } finally {
            announced.completeExceptionally(new CollectiveException("the transport of " + group + " is closed"));
            departed.countDown();
            ended.countDown();
        }
    }
}
