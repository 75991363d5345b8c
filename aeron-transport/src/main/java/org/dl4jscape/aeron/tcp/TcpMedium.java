package org.dl4jscape.aeron.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.dl4jscape.aeron.exchange.FrameCheck;
import org.dl4jscape.aeron.exchange.LossListener;
import org.dl4jscape.aeron.exchange.Medium;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.FrameSeal;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection per pair of ranks; the higher rank of a pair connects, the lower one accepts.
 *
 * <p>Direct exchange and no ring: with one connection per pair the bytes are those of a ring, the latency is that of one
 * message instead of N - 1, and each rank adds the contributions in rank order when all are here.
 */
final class TcpMedium implements Medium {
    private static final Logger LOG = LoggerFactory.getLogger(TcpMedium.class);
    private static final long HELLO_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int STRANGERS_MAX = 16;
    private static final int RANDOM_BYTES = 16;

    private final ProcessGroup group;
    private final TcpTransport.Context context;
    private final @Nullable DerivedKeys keys;
    private final List<@Nullable TcpRoute> routes = new ArrayList<>();
    private final List<Handshake> handshakes = new ArrayList<>();
    private @Nullable LossListener losses;
    private @Nullable ServerSocketChannel server;
    private @Nullable GroupToken token;
    private int unconnected;

    /**
     * Nothing is opened yet.
     *
     * @param keys of the group, where its ranks share a secret
     */
    TcpMedium(ProcessGroup group, TcpTransport.Context context, @Nullable DerivedKeys keys) {
        this.group = group;
        this.context = context;
        this.keys = keys;
    }

    @Override
    public String name() {
        return TcpCollectivesProvider.NAME;
    }

    @Override
    public String hint() {
        return "are connections to that address and port allowed between the ranks?";
    }

    @Override
    public String open(LossListener losses) {
        this.losses = losses;
        for (int rank = 0; rank < group.worldSize(); rank++) {
            routes.add(rank == group.rank() ? null : new TcpRoute(rank, context.maxMessageLength(), losses));
        }
        unconnected = group.worldSize() - 1;
        int port = unconnected == 0 ? 0 : listen();
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return new TcpEndpoint(group.rank(), context.bindAddress(), port)
                .toLine(group, shape(), HexFormat.of().formatHex(random));
    }

    /** The settings that all ranks must have alike. */
    private String shape() {
        return TcpEndpoint.shapeOf(context.maxMessageLength(), context.frameCheck() == FrameCheck.HMAC);
    }

    /** Refuses an address or port that cannot be bound, and leaves nothing open. */
    void check() {
        try {
            listen();
        } finally {
            stopListening();
        }
    }

    private int listen() {
        try {
            ServerSocketChannel opened = ServerSocketChannel.open();
            server = opened;
            opened.configureBlocking(false);
            opened.bind(
                    new InetSocketAddress(context.bindAddress(), context.port()), group.worldSize() + STRANGERS_MAX);
            return ((InetSocketAddress) opened.getLocalAddress()).getPort();
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            throw new CollectiveException(
                    "bindAddress=" + context.bindAddress() + " cannot be bound with port=" + context.port()
                            + " (expected: an address of this machine, and a port that is free, or 0 for any): " + e,
                    e);
        }
    }

    @Override
    public void introduce(List<String> lines) {
        List<TcpEndpoint> endpoints = new ArrayList<>();
        for (int rank = 0; rank < lines.size(); rank++) {
            endpoints.add(TcpEndpoint.parse(lines.get(rank), rank, group, shape()));
        }
        GroupToken shared = GroupToken.of(lines);
        token = shared;
        for (TcpEndpoint endpoint : endpoints) {
            if (endpoint.rank() != group.rank()) {
                route(endpoint.rank()).address(endpoint.host() + ":" + endpoint.port());
            }
            if (endpoint.rank() < group.rank()) {
                connect(endpoint, shared);
            }
        }
    }

    private void connect(TcpEndpoint endpoint, GroupToken shared) {
        try {
            FramedChannel channel = framed(SocketChannel.open());
            handshakes.add(new Handshake(group, shared, channel, endpoint.rank(), System.nanoTime(), keys));
            channel.connect(new InetSocketAddress(endpoint.host(), endpoint.port()));
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            throw new CollectiveException(
                    "rank " + endpoint.rank() + " of " + group.worldSize() + " cannot be connected at "
                            + endpoint.host() + ":" + endpoint.port() + ": " + e,
                    e);
        }
    }

    private FramedChannel framed(SocketChannel channel) throws IOException {
        return new FramedChannel(channel, context.maxMessageLength(), context.socketBufferLength());
    }

    @Override
    public TcpRoute route(int rank) {
        return Objects.requireNonNull(routes.get(rank));
    }

    @Override
    public int work() {
        int work = 0;
        if (unconnected > 0 && token != null) {
            work += accept(token) + shakeHands(System.nanoTime());
            if (unconnected == 0) {
                stopListening();
            }
        }
        for (int rank = 0; rank < routes.size(); rank++) {
            TcpRoute route = routes.get(rank);
            work += route == null ? 0 : route.flush();
        }
        return work;
    }

    private int accept(GroupToken shared) {
        try {
            if (server == null || handshakes.size() >= group.worldSize() + STRANGERS_MAX) {
                return 0;
            }
            SocketChannel accepted = server.accept();
            if (accepted == null) {
                return 0;
            }
            handshakes.add(new Handshake(group, shared, framed(accepted), Handshake.ANYBODY, System.nanoTime(), keys));
            return 1;
        } catch (IOException e) {
            LOG.warn("{}: a connection could not be accepted: {}", group, e.toString());
            return 0;
        }
    }

    private int shakeHands(long nowNs) {
        int done = 0;
        for (int i = handshakes.size() - 1; i >= 0; i--) {
            Handshake handshake = handshakes.get(i);
            try {
                if (handshake.advance()) {
                    settle(handshake);
                    handshakes.remove(i);
                    done++;
                } else if (!handshake.isInitiator() && handshake.isOlderThan(HELLO_LIMIT_NS, nowNs)) {
                    throw new IOException(
                            "it said no hello within " + TimeUnit.NANOSECONDS.toSeconds(HELLO_LIMIT_NS) + " s");
                }
            } catch (IOException e) {
                handshakes.remove(i);
                turnAway(handshake, e);
            }
        }
        return done;
    }

    private void settle(Handshake handshake) throws IOException {
        int peer = handshake.peer();
        boolean expected = handshake.isInitiator() || peer > group.rank() && peer < group.worldSize();
        if (!expected || route(peer).isConnected()) {
            throw new IOException("it is not a rank that is expected here");
        }
        DerivedKeys shared = keys;
        if (shared != null && context.frameCheck() == FrameCheck.HMAC) {
            handshake.channel().seal(frames(shared, group.rank(), peer), frames(shared, peer, group.rank()));
        }
        route(peer).connected(handshake.channel());
        unconnected--;
    }

    private static FrameSeal frames(DerivedKeys keys, int sender, int receiver) {
        return keys.seal("frames from " + sender + " to " + receiver);
    }

    /** A stranger who connects is sent away; a peer that this rank connects to and that fails is a loss. */
    private void turnAway(Handshake handshake, IOException reason) {
        handshake.channel().close();
        if (handshake.isInitiator()) {
            Objects.requireNonNull(losses)
                    .onLost(handshake.expected(), "it could not be connected: " + reason.getMessage());
        } else {
            LOG.warn("{}: a connection was turned away: {}", group, reason.getMessage());
        }
    }

    private void stopListening() {
        CloseHelper.quietClose(server);
        server = null;
        for (Handshake stranger : handshakes) {
            stranger.channel().close();
        }
        handshakes.clear();
    }

    @Override
    public void close() {
        stopListening();
        for (TcpRoute route : routes) {
            if (route != null) {
                route.flush();
                route.close();
            }
        }
    }
}
