package org.dl4jscape.aeron.rendezvous;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.CloseHelper;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.aeron.security.SharedSecret;
import org.jspecify.annotations.Nullable;

/**
 * Where the ranks of one group meet: listens on one address, seats the ranks, passes on what each announces, and forms the
 * next generation of those who survive. One thread of its own, which sleeps while nothing comes.
 *
 * <p>It runs in the launcher, or in the process of rank 0; in the launcher it survives the loss of any rank.
 */
public final class RendezvousHost implements AutoCloseable {
    private static final long CLOSE_LIMIT_MS = TimeUnit.SECONDS.toMillis(5);

    private final HostLoop loop;
    private final Thread thread;
    private final String address;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RendezvousHost(HostLoop loop, String address) {
        this.loop = loop;
        this.address = address;
        thread = new Thread(loop, "scape-rendezvous-host");
        thread.setDaemon(true);
    }

    /**
     * Listens from now on.
     *
     * @throws RendezvousException when the address cannot be bound
     * @throws IllegalArgumentException when a setting is out of its range
     */
    public static RendezvousHost listen(Context context) {
        context.conclude();
        InetSocketAddress wanted = new InetSocketAddress(context.bindAddress(), context.port());
        if (wanted.isUnresolved()) {
            throw new RendezvousException(
                    Reason.UNKNOWN_HOST,
                    "bindAddress=" + context.bindAddress()
                            + " of the rendezvous does not resolve; use an address of this machine");
        }
        ServerSocketChannel server = null;
        Selector selector = null;
        try {
            server = ServerSocketChannel.open();
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(wanted, context.worldSize());
            selector = Selector.open();
            server.register(selector, java.nio.channels.SelectionKey.OP_ACCEPT);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            RendezvousHost host =
                    new RendezvousHost(new HostLoop(context, server, selector), context.addressWith(port));
            host.thread.start();
            return host;
        } catch (IOException | UnsupportedOperationException e) {
            CloseHelper.quietCloseAll(server, selector);
            throw new RendezvousException(
                    e instanceof BindException ? Reason.PORT_IN_USE : Reason.UNREACHABLE,
                    "the rendezvous cannot listen at " + context.addressWith(context.port())
                            + " (expected: an address of this machine, and a port that is free, or 0 for any): "
                            + e.getMessage(),
                    e);
        }
    }

    /** What the ranks must be told: {@code host:port}, with the port that was bound. */
    public String address() {
        return address;
    }

    /** The generation that runs, or is awaited. */
    public int generation() {
        return loop.generation();
    }

    /** Number of ranks of that generation. */
    public int worldSize() {
        return loop.worldSize();
    }

    /** Connections that were turned away because they knew no secret, another one, or talked nonsense. */
    public long strangers() {
        return loop.strangers();
    }

    /** Stops listening; ranks that wait are told. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        loop.stop();
        try {
            thread.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "RendezvousHost{" + address + ", generation " + generation() + " of " + worldSize() + " ranks, "
                + strangers() + " strangers}";
    }

    /** All settings of the host. Set, then {@link #conclude()}, which checks and freezes them. */
    public static final class Context {
        /** 60 s. */
        public static final long TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

        /** 60 s. */
        public static final long REGROUP_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

        private static final int PORT_MAX = 65_535;
        private static final int WORLD_SIZE_MAX = 65_535;

        private boolean concluded;
        private String bindAddress = "127.0.0.1";
        private int port;
        private int worldSize = 1;
        private int minWorldSize = 1;
        private int generation;
        private long timeoutNs = TIMEOUT_NS_DEFAULT;
        private long regroupTimeoutNs = REGROUP_TIMEOUT_NS_DEFAULT;
        private @Nullable SharedSecret secret;

        /** All defaults. */
        public Context() {}

        /**
         * Checks every setting and freezes all; idempotent.
         *
         * @throws IllegalArgumentException naming the setting, its value and what is expected
         */
        public Context conclude() {
            range("port", port, 0, PORT_MAX);
            range("worldSize", worldSize, 1, WORLD_SIZE_MAX);
            range("minWorldSize", minWorldSize, 1, worldSize);
            range("generation", generation, 0, Integer.MAX_VALUE);
            range("timeoutNs", timeoutNs, 1, Long.MAX_VALUE / 2);
            range("regroupTimeoutNs", regroupTimeoutNs, 1, Long.MAX_VALUE / 2);
            if (bindAddress.isBlank()) {
                throw new IllegalArgumentException("bindAddress is blank (expected: an address of this machine)");
            }
            concluded = true;
            return this;
        }

        private static void range(String name, long value, long from, long to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(
                        name + "=" + value + " (expected: " + from + " <= " + name + " <= " + to + ")");
            }
        }

        private <T> T set(T value) {
            if (concluded) {
                throw new IllegalStateException("this context is concluded; settings can no longer change");
            }
            return value;
        }

        /** Address of this machine on which the host listens. */
        public Context bindAddress(String bindAddress) {
            this.bindAddress = set(bindAddress);
            return this;
        }

        public String bindAddress() {
            return bindAddress;
        }

        /** TCP port on which the host listens; 0: any that is free. */
        public Context port(int port) {
            this.port = set(port);
            return this;
        }

        public int port() {
            return port;
        }

        /** Number of ranks of the first generation. */
        public Context worldSize(int worldSize) {
            this.worldSize = set(worldSize);
            return this;
        }

        public int worldSize() {
            return worldSize;
        }

        /** Number of ranks below which no further generation is formed. */
        public Context minWorldSize(int minWorldSize) {
            this.minWorldSize = set(minWorldSize);
            return this;
        }

        public int minWorldSize() {
            return minWorldSize;
        }

        /** Number of the first generation. */
        public Context generation(int generation) {
            this.generation = set(generation);
            return this;
        }

        public int generation() {
            return generation;
        }

        /** How long ranks wait for the one that comes last. */
        public Context timeoutNs(long timeoutNs) {
            this.timeoutNs = set(timeoutNs);
            return this;
        }

        public long timeoutNs() {
            return timeoutNs;
        }

        /** How long survivors wait for ranks that are neither gone nor ask for the next generation; those are left out. */
        public Context regroupTimeoutNs(long regroupTimeoutNs) {
            this.regroupTimeoutNs = set(regroupTimeoutNs);
            return this;
        }

        public long regroupTimeoutNs() {
            return regroupTimeoutNs;
        }

        /** What every rank must prove to know; null: nobody proves anything. */
        public Context secret(@Nullable SharedSecret secret) {
            set(concluded);
            this.secret = secret;
            return this;
        }

        public @Nullable SharedSecret secret() {
            return secret;
        }

        String addressWith(int boundPort) {
            boolean bare = bindAddress.indexOf(':') >= 0 && !bindAddress.startsWith("[");
            return (bare ? "[" + bindAddress + "]" : bindAddress) + ":" + boundPort;
        }

        @Override
        public String toString() {
            return "RendezvousHost.Context{bindAddress=" + bindAddress
                    + ", port=" + port
                    + ", worldSize=" + worldSize
                    + ", minWorldSize=" + minWorldSize
                    + ", generation=" + generation
                    + ", timeoutNs=" + timeoutNs
                    + ", regroupTimeoutNs=" + regroupTimeoutNs
                    + ", secret=" + (secret == null ? "none" : "set")
                    + '}';
        }
    }
}
