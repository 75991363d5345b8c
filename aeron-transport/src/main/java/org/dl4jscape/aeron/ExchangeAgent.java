package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.Image;
import io.aeron.Subscription;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends, receives and watches the peers of one rank; owns all of Aeron.
 *
 * <p>Its life: open the doors and announce them, learn the doors of the others, connect, exchange, leave. It never
 * blocks but for the milliseconds in which Aeron adds a stream.
 */
final class ExchangeAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeAgent.class);
    private static final int FRAGMENTS_PER_POLL = 64;
    private static final int CHUNKS_PER_TURN = 32;
    private static final int LAST_INVOCATIONS = 100;

    private final ProcessGroup group;
    private final AeronTransport.Context context;
    private final ExchangeLink link;
    private final int receiveBufferLength;
    private final int chunkLength;
    private final ChunkWriter writer;
    private final PeerMonitor monitor;
    private final Departure departure;
    private final ReceiveBudget budget;
    private final ByteCounters counters;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Inlet> inlets = new ArrayList<>();
    private final CompletableFuture<RankEndpoint> announced = new CompletableFuture<>();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch departed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable List<RankEndpoint> endpoints;
    private final AtomicLong ignoredFrames = new AtomicLong();
    private volatile int firstUnconnected;
    private @Nullable EmbeddedDriver driver;
    private boolean broken;

    /** Where the frames of one peer come in. */
    private record Inlet(Peer peer, Subscription subscription, FrameReader reader) {}

    ExchangeAgent(
            ProcessGroup group,
            AeronTransport.Context context,
            ExchangeLink link,
            ByteCounters counters,
            int receiveBufferLength) {
        this.group = group;
        this.context = context;
        this.link = link;
        this.counters = counters;
        this.receiveBufferLength = receiveBufferLength;
        chunkLength = ChunkWriter.chunkLength(context.mtuLength());
        writer = new ChunkWriter(group, counters);
        monitor = new PeerMonitor(context, link, writer, group.worldSize(), System.nanoTime());
        departure = new Departure(context, link, writer, monitor);
        budget = new ReceiveBudget(link, context.receiveBufferLength());
    }

    /** Completed when this rank listens. */
    CompletableFuture<RankEndpoint> announced() {
        return announced;
    }

    /** Tells where the other ranks listen, in rank order; any thread. */
    void introduce(List<RankEndpoint> all) {
        endpoints = List.copyOf(all);
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

    /** Opens when the peers know that this rank leaves, or it is in vain to tell them. */
    CountDownLatch departed() {
        return departed;
    }

    /** Opens when the driver is closed and its folder deleted. */
    CountDownLatch ended() {
        return ended;
    }

    /** Frames that did not belong to this group; any thread. */
    long ignoredFrames() {
        return ignoredFrames.get();
    }

    /** Whether something is under way for which microseconds count. */
    boolean isAttentive() {
        if (link.isTrainingWaiting() || link.isLeaving() || connected.getCount() > 0) {
            return true;
        }
        for (Peer peer : peers) {
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
            announced.complete(open());
        } catch (RuntimeException e) {
            broken = true;
            announced.completeExceptionally(e);
        }
    }

    private RankEndpoint open() {
        SecureRandom random = new SecureRandom();
        int streamId = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        List<RankEndpoint.Door> doors = new ArrayList<>();
        if (group.worldSize() > 1) {
            driver = new EmbeddedDriver(context, receiveBufferLength, this::onAeronError);
        }
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank == group.rank()) {
                doors.add(new RankEndpoint.Door(0, 0));
                continue;
            }
            int sessionId = random.nextInt();
            Peer peer = new Peer(rank);
            FrameReader reader = new FrameReader(group, peer, link, counters, budget, context.mtuLength());
            Subscription subscription = subscribe(rank, sessionId, streamId);
            peers.add(peer);
            inlets.add(new Inlet(peer, subscription, reader));
            doors.add(new RankEndpoint.Door(resolvePort(subscription), sessionId));
        }
        return new RankEndpoint(group, context.mtuLength(), streamId, context.bindAddress(), doors);
    }

    private Subscription subscribe(int rank, int sessionId, int streamId) {
        String channel = new ChannelUriStringBuilder()
                .media("udp")
                .endpoint(hostAndPort(context.bindAddress(), 0))
                .sessionId(sessionId)
                .build();
        return client().addSubscription(channel, streamId, image -> {}, image -> onImageGone(rank, image));
    }

    private int resolvePort(Subscription subscription) {
        long deadlineNs = System.nanoTime() + context.timeoutNs();
        while (true) {
            String resolved = subscription.tryResolveChannelEndpointPort();
            if (resolved != null) {
                int at = resolved.indexOf("endpoint=");
                String endpoint = resolved.substring(at + 9).split("\\|", 2)[0];
                return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new CollectiveException("no port of " + context.bindAddress() + " was bound within "
                        + TimeUnit.NANOSECONDS.toMillis(context.timeoutNs()) + " ms");
            }
            driverInvoke();
            Thread.onSpinWait();
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
            link.fail(Failure.broken("the exchange thread of " + group + " failed: " + e, e));
            tellPeers("its exchange thread failed: " + e);
            return 0;
        }
    }

    /** The last thing that a broken agent does; in vain if Aeron itself is what broke. */
    private void tellPeers(String reason) {
        try {
            for (Peer peer : peers) {
                if (peer.publication != null && peer.publication.isConnected()) {
                    writer.abort(peer.publication, reason);
                }
            }
            for (int i = 0; i < LAST_INVOCATIONS; i++) {
                driverInvoke();
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: the peers could not be told: {}", group, e.toString());
        }
    }

    private int turn(long nowNs) {
        int work = driverInvoke() + takeCommands();
        for (Inlet inlet : inlets) {
            work += receive(inlet);
            work += send(inlet.peer(), nowNs);
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
        List<RankEndpoint> all = endpoints;
        if (all == null) {
            return;
        }
        boolean everybody = true;
        for (Peer peer : peers) {
            if (peer.publication == null) {
                publish(peer, all.get(peer.rank));
                link.lastHeardNs.set(peer.rank, nowNs);
            }
            boolean connectedNow = peer.hasConnected();
            if (everybody && !connectedNow) {
                everybody = false;
                firstUnconnected = peer.rank;
            }
        }
        if (everybody) {
            connected.countDown();
        }
    }

    private void publish(Peer peer, RankEndpoint endpoint) {
        RankEndpoint.Door door = endpoint.doors().get(group.rank());
        peer.address = hostAndPort(endpoint.host(), door.port());
        String channel = new ChannelUriStringBuilder()
                .media("udp")
                .endpoint(peer.address)
                .sessionId(door.sessionId())
                .build();
        peer.publication = client().addExclusivePublication(channel, endpoint.streamId());
        peer.quietNs = context.nudgeIntervalNs();
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
                peerOf(inbound.rank).spare.push(inbound);
            }
            transfer = link.commands.poll();
        }
        return taken;
    }

    private int receive(Inlet inlet) {
        FrameReader reader = inlet.reader();
        inlet.peer().heldBack = false;
        long before = reader.ignored();
        int fragments = inlet.subscription().controlledPoll(reader, FRAGMENTS_PER_POLL);
        if (reader.ignored() != before) {
            ignoredFrames.addAndGet(reader.ignored() - before);
        }
        return fragments;
    }

    private int send(Peer peer, long nowNs) {
        if (peer.publication == null) {
            return 0;
        }
        String reason = link.abortReason();
        if (reason != null && !peer.abortSent && peer.publication.isConnected()) {
            peer.abortSent = writer.abort(peer.publication, reason);
            monitor.sent(peer, nowNs);
        }
        if (peer.owesLeaveSeen) {
            peer.owesLeaveSeen = !writer.leaveSeen(peer.publication);
        }
        int chunks = 0;
        Outbound outbound = peer.outgoing.peek();
        while (outbound != null && chunks < CHUNKS_PER_TURN) {
            int length = Math.min(chunkLength, outbound.length - outbound.sent);
            if (!link.hasLeft(peer.rank)) {
                if (!writer.chunk(peer.publication, outbound, length)) {
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

    private void onImageGone(int rank, Image image) {
        if (!link.hasLeft(rank) && !link.isLeaving()) {
            link.fail(Failure.lost("rank " + rank + " of " + group.worldSize() + " is lost: its stream from "
                    + image.sourceIdentity() + " ended without a farewell"));
        }
    }

    private void onAeronError(Throwable error) {
        LOG.warn("{}: Aeron reports {}", group, error.toString());
    }

    private int driverInvoke() {
        return driver == null ? 0 : driver.invoke();
    }

    private Aeron client() {
        if (driver == null) {
            throw new IllegalStateException("the driver of " + group + " has not been started");
        }
        return driver.aeron();
    }

    static String hostAndPort(String host, int port) {
        return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public void onClose() {
        CloseHelper.quietClose(driver);
        announced.completeExceptionally(new CollectiveException("the transport of " + group + " is closed"));
        departed.countDown();
        ended.countDown();
    }
}
