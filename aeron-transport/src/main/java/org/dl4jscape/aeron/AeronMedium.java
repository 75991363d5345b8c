package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.dl4jscape.aeron.AeronTransport.Ways;
import org.dl4jscape.aeron.exchange.FrameCheck;
import org.dl4jscape.aeron.exchange.LossListener;
import org.dl4jscape.aeron.exchange.Medium;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of Aeron between all pairs of ranks: by UDP, by shared memory, or whichever fits the pair.
 *
 * <p>Every rank runs a driver of its own. By shared memory a rank writes into the driver of its peer, as a second client
 * of it, found by the folder that the peer told at the rendezvous. So the log of a stream lives and ends with the rank
 * that reads it, whose own thread moves the sender's window; no rank depends on the driver of a third, none has to stay
 * until the last has left, and a rank that dies takes nobody's driver with it. One driver for the whole machine would
 * save a few logs and tie all lives to that of one process.
 */
final class AeronMedium implements Medium {
    private static final Logger LOG = LoggerFactory.getLogger(AeronMedium.class);

    private final ProcessGroup group;
    private final AeronTransport.Context context;
    private final @Nullable DerivedKeys keys;
    private final Sessions sessions;
    private final MachineCheck machine;
    private final List<@Nullable AeronRoute> routes = new ArrayList<>();
    private final List<@Nullable Subscription> udp = new ArrayList<>();
    private final List<@Nullable Subscription> ipc = new ArrayList<>();
    private final List<PeerDriver> peerDrivers = new ArrayList<>();
    private @Nullable EmbeddedDriver driver;

    /**
     * Nothing is opened yet.
     *
     * @param keys of the group, where its ranks share a secret
     */
    AeronMedium(ProcessGroup group, AeronTransport.Context context, @Nullable DerivedKeys keys) {
        this.group = group;
        this.context = context;
        this.keys = keys;
        sessions = new Sessions(keys, group.rank());
        machine = new MachineCheck(context);
    }

    @Override
    public String name() {
        return context.ways().transport();
    }

    @Override
    public String hint() {
        return context.ways() == Ways.IPC
                ? "does its process still run?"
                : "is UDP allowed between the ranks? Where it is not, use transport tcp";
    }

    @Override
    public String open(LossListener losses) {
        int streamId = sessions.ownStream();
        String folder = "";
        if (group.worldSize() > 1) {
            EmbeddedDriver started = startDriver();
            driver = started;
            folder = started.directory();
        }
        List<RankEndpoint.Door> doors = new ArrayList<>();
        for (int rank = 0; rank < group.worldSize(); rank++) {
            boolean own = rank == group.rank();
            int sessionId = own ? 0 : sessions.acceptedFrom(rank);
            Subscription byUdp =
                    own || context.ways() == Ways.IPC ? null : listen(losses, rank, "udp", sessionId, streamId);
            udp.add(byUdp);
            ipc.add(own || context.ways() == Ways.UDP ? null : listen(losses, rank, "ipc", sessionId, streamId));
            routes.add(own ? null : new AeronRoute(rank, losses, tag(group.rank(), rank), tag(rank, group.rank())));
            doors.add(new RankEndpoint.Door(
                    byUdp == null ? 0 : resolvePort(byUdp), sessions.areSecret() ? 0 : sessionId));
        }
        return new RankEndpoint(
                        group,
                        RankEndpoint.shapeOf(context),
                        sessions.areSecret() ? 0 : streamId,
                        context.bindAddress(),
                        context.hostId(),
                        folder,
                        doors)
                .toLine();
    }

    private FrameTag tag(int sender, int receiver) {
        DerivedKeys shared = keys;
        return context.frameCheck() == FrameCheck.HMAC && shared != null
                ? FrameTag.hmac(shared, sender, receiver)
                : FrameTag.checksum();
    }

    private EmbeddedDriver startDriver() {
        machine.sharedMemory(group.worldSize(), 1);
        int receiveBufferLength = 0;
        if (context.ways() != Ways.IPC) {
            machine.address();
            receiveBufferLength = machine.socketReceiveBuffer();
        }
        return new EmbeddedDriver(
                context, receiveBufferLength, error -> LOG.warn("{}: Aeron reports {}", group, error.toString()));
    }

    private Subscription listen(LossListener losses, int rank, String media, int sessionId, int streamId) {
        ChannelUriStringBuilder channel =
                new ChannelUriStringBuilder().media(media).sessionId(sessionId);
        if (media.equals("udp")) {
            channel.endpoint(hostAndPort(context.bindAddress(), 0));
        }
        return client().addSubscription(
                        channel.build(),
                        streamId,
                        image -> {},
                        image -> losses.onLost(rank, "its stream ended without a farewell"));
    }

    private int resolvePort(Subscription subscription) {
        long beganNs = System.nanoTime();
        while (true) {
            String resolved = subscription.tryResolveChannelEndpointPort();
            if (resolved != null) {
                int at = resolved.indexOf("endpoint=");
                String endpoint = resolved.substring(at + 9).split("\\|", 2)[0];
                return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
            }
            if (System.nanoTime() - beganNs > context.connectTimeoutNs()) {
                throw new CollectiveException("no port of " + context.bindAddress() + " was bound within "
                        + TimeUnit.NANOSECONDS.toMillis(context.connectTimeoutNs()) + " ms");
            }
            work();
            Thread.onSpinWait();
        }
    }

    @Override
    public void introduce(List<String> lines) {
        List<RankEndpoint> endpoints = new ArrayList<>();
        for (int rank = 0; rank < lines.size(); rank++) {
            endpoints.add(RankEndpoint.parse(lines.get(rank), rank, group, RankEndpoint.shapeOf(context)));
        }
        int ranksHere = (int) endpoints.stream().filter(this::isHere).count();
        if (group.worldSize() > 1) {
            machine.sharedMemory(group.worldSize(), ranksHere);
        }
        for (RankEndpoint endpoint : endpoints) {
            int rank = endpoint.group().rank();
            if (rank == group.rank()) {
                continue;
            }
            if (context.ways() == Ways.UDP || context.ways() == Ways.MIXED && !isHere(endpoint)) {
                connectByUdp(rank, endpoint);
            } else {
                connectByIpc(rank, endpoint);
            }
        }
    }

    private boolean isHere(RankEndpoint endpoint) {
        return endpoint.hostId().equals(context.hostId());
    }

    private void connectByUdp(int rank, RankEndpoint endpoint) {
        String address =
                hostAndPort(endpoint.host(), endpoint.doors().get(group.rank()).port());
        String channel = new ChannelUriStringBuilder()
                .media("udp")
                .endpoint(address)
                .networkInterface(SourceAddress.toSendFrom(context.bindAddress()))
                .sessionId(sessions.sessionTo(endpoint))
                .build();
        CloseHelper.close(ipc.get(rank));
        AeronRoute route = route(rank);
        Subscription subscription = Objects.requireNonNull(udp.get(rank));
        route.receiveByUdp(subscription, SourceAddress.ofHost(endpoint.host()), context.mtuLength());
        route.watch(new StreamArrivals(client().countersReader(), subscription));
        route.sendThrough(client(), channel, sessions.streamOf(endpoint), address);
    }

    private void connectByIpc(int rank, RankEndpoint endpoint) {
        if (!isHere(endpoint)) {
            throw new CollectiveException("rank " + rank + " (" + endpoint.host() + ", host " + endpoint.hostId()
                    + ") is not on the machine of rank " + group.rank() + " (host " + context.hostId()
                    + "), or does not share its folder " + context.directory()
                    + "; transport ipc joins ranks of one machine: use mixed, aeron, or tcp where UDP is blocked");
        }
        String channel = new ChannelUriStringBuilder()
                .media("ipc")
                .sessionId(sessions.sessionTo(endpoint))
                .mtu(context.ipcMtuLength())
                .termLength(context.termBufferLength())
                .build();
        CloseHelper.close(udp.get(rank));
        PeerDriver theirs = new PeerDriver(rank, endpoint.folder());
        peerDrivers.add(theirs);
        AeronRoute route = route(rank);
        route.receiveByMemory(Objects.requireNonNull(ipc.get(rank)), context.ipcMtuLength());
        route.sendThrough(theirs.aeron(), channel, sessions.streamOf(endpoint), endpoint.folder());
    }

    @Override
    public AeronRoute route(int rank) {
        return Objects.requireNonNull(routes.get(rank));
    }

    @Override
    public int work() {
        int work = driver == null ? 0 : driver.invoke();
        for (int i = 0; i < peerDrivers.size(); i++) {
            work += peerDrivers.get(i).invoke();
        }
        for (int rank = 0; rank < routes.size(); rank++) {
            AeronRoute route = routes.get(rank);
            work += route == null ? 0 : route.work();
        }
        return work;
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
    public void close() {
        CloseHelper.quietCloseAll(peerDrivers);
        CloseHelper.quietClose(driver);
    }
}
