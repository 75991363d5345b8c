package org.dl4jscape.aeron;

import io.aeron.driver.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.agrona.BitUtil;
import org.agrona.SystemUtil;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/** Connects one rank to its group over Aeron UDP, as a {@link Context} says. */
public final class AeronTransport {
    private AeronTransport() {}

    /**
     * Connects one rank; all ranks of the group call it at about the same time.
     *
     * @param group place of this rank
     * @param rendezvous how the ranks learn each other's endpoints
     * @param context settings; concluded here if it was not yet
     * @return collectives that have heard from all ranks
     * @throws org.dl4jscape.core.exchange.CollectiveException when a rank is not heard within the deadline, or the
     *     machine lacks shared memory or socket buffers
     */
    public static Collectives connect(ProcessGroup group, Rendezvous rendezvous, Context context) {
        context.conclude();
        return new Connector(group, rendezvous, context).connect();
    }

    /** Who runs the embedded media driver. */
    public enum DriverThreading {
        /** The exchange thread of the rank; the fastest where cores are few. */
        INVOKER,
        /** A thread of its own per rank. */
        SHARED
    }

    /**
     * All settings of the transport. Set, then {@link #conclude()}, which checks each alone and all together and
     * freezes them. Sizes are bytes, durations nanoseconds; as properties, both may carry a unit ({@code 2m}, {@code
     * 5s}).
     */
    public static final class Context {
        /** 1408 bytes: fits every Ethernet. */
        public static final int MTU_LENGTH_DEFAULT = 1408;

        /** 16 KiB where all ranks listen on the loopback interface: four times the throughput of 1408. */
        public static final int LOOPBACK_MTU_LENGTH_DEFAULT = 16 * 1024;

        /** 2 MiB. */
        public static final int TERM_BUFFER_LENGTH_DEFAULT = 2 * 1024 * 1024;

        /** 128 KiB: the largest that does not queue up at 100 Mbit/s. */
        public static final int INITIAL_WINDOW_LENGTH_DEFAULT = 128 * 1024;

        /** 16 MiB. */
        public static final long RECEIVE_BUFFER_LENGTH_DEFAULT = 16L * 1024 * 1024;

        /** 100 ms. */
        public static final long HEARTBEAT_INTERVAL_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(100);

        /** 5 s. */
        public static final long PEER_LIVENESS_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(5);

        /** 1 ms. */
        public static final long NUDGE_INTERVAL_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(1);

        /** 50 us. */
        public static final long MAX_PARK_NS_DEFAULT = TimeUnit.MICROSECONDS.toNanos(50);

        private final Map<String, BiConsumer<String, String>> properties = new TreeMap<>();
        private boolean concluded;
        private String directory = defaultDirectory();
        private String bindAddress = "127.0.0.1";
        private long timeoutNs = CollectivesOptions.TIMEOUT_NS_DEFAULT;
        private DriverThreading driverThreading = DriverThreading.INVOKER;
        private int mtuLength;
        private int termBufferLength = TERM_BUFFER_LENGTH_DEFAULT;
        private int initialWindowLength = INITIAL_WINDOW_LENGTH_DEFAULT;
        private int socketRcvbufLength;
        private long receiveBufferLength = RECEIVE_BUFFER_LENGTH_DEFAULT;
        private long heartbeatIntervalNs = HEARTBEAT_INTERVAL_NS_DEFAULT;
        private long peerLivenessTimeoutNs = PEER_LIVENESS_TIMEOUT_NS_DEFAULT;
        private long nudgeIntervalNs = NUDGE_INTERVAL_NS_DEFAULT;
        private long maxParkNs = MAX_PARK_NS_DEFAULT;

        /** All defaults. */
        public Context() {
            properties.put("directory", (name, text) -> directory(text));
            properties.put("driverThreading", (name, text) -> driverThreading(threading(name, text)));
            properties.put("mtuLength", (name, text) -> mtuLength(size(name, text)));
            properties.put("termBufferLength", (name, text) -> termBufferLength(size(name, text)));
            properties.put("initialWindowLength", (name, text) -> initialWindowLength(size(name, text)));
            properties.put("socketRcvbufLength", (name, text) -> socketRcvbufLength(size(name, text)));
            properties.put("receiveBufferLength", (name, text) -> receiveBufferLength(longSize(name, text)));
            properties.put("heartbeatIntervalNs", (name, text) -> heartbeatIntervalNs(duration(name, text)));
            properties.put("peerLivenessTimeoutNs", (name, text) -> peerLivenessTimeoutNs(duration(name, text)));
            properties.put("nudgeIntervalNs", (name, text) -> nudgeIntervalNs(duration(name, text)));
            properties.put("maxParkNs", (name, text) -> maxParkNs(duration(name, text)));
        }

        /**
         * Takes over what every transport is told, and the properties that this one knows.
         *
         * @throws IllegalArgumentException when a property is unknown or cannot be read
         */
        public Context options(CollectivesOptions options) {
            timeoutNs(options.timeoutNs());
            bindAddress(options.bindAddress());
            options.properties().forEach((name, text) -> {
                BiConsumer<String, String> setter = properties.get(name);
                if (setter == null) {
                    throw new IllegalArgumentException("unknown property " + name + "=" + text + " (expected: one of "
                            + properties.keySet() + ")");
                }
                setter.accept(name, text);
            });
            return this;
        }

        /**
         * Checks every setting and their relations, fills what was left to choose, and freezes all; idempotent.
         *
         * @throws IllegalArgumentException naming the setting, its value and what is expected
         */
        public Context conclude() {
            if (concluded) {
                return this;
            }
            if (mtuLength == 0) {
                mtuLength = isLoopback() ? LOOPBACK_MTU_LENGTH_DEFAULT : MTU_LENGTH_DEFAULT;
            }
            if (socketRcvbufLength == 0) {
                socketRcvbufLength = Math.multiplyExact(2, initialWindowLength);
            }
            ContextRules.check(this);
            concluded = true;
            return this;
        }

        /** Folder in which the embedded driver makes its own: {@code /dev/shm} where that exists. */
        public Context directory(String directory) {
            this.directory = set(directory);
            return this;
        }

        public String directory() {
            return directory;
        }

        /** Address of the one interface on which this rank listens. */
        public Context bindAddress(String bindAddress) {
            this.bindAddress = set(bindAddress);
            return this;
        }

        public String bindAddress() {
            return bindAddress;
        }

        /** Deadline of every single wait. */
        public Context timeoutNs(long timeoutNs) {
            this.timeoutNs = set(timeoutNs);
            return this;
        }

        public long timeoutNs() {
            return timeoutNs;
        }

        /** Who runs the embedded media driver. */
        public Context driverThreading(DriverThreading driverThreading) {
            this.driverThreading = set(driverThreading);
            return this;
        }

        public DriverThreading driverThreading() {
            return driverThreading;
        }

        /**
         * Largest datagram, the same on all ranks; at most what the network carries unfragmented, less 28. 0: chosen by
         * the bind address.
         */
        public Context mtuLength(int mtuLength) {
            this.mtuLength = set(mtuLength);
            return this;
        }

        public int mtuLength() {
            return mtuLength;
        }

        /** One of the three terms of a log; a rank holds two logs per peer. A power of two. */
        public Context termBufferLength(int termBufferLength) {
            this.termBufferLength = set(termBufferLength);
            return this;
        }

        public int termBufferLength() {
            return termBufferLength;
        }

        /** Bytes a peer may have under way to this rank. */
        public Context initialWindowLength(int initialWindowLength) {
            this.initialWindowLength = set(initialWindowLength);
            return this;
        }

        public int initialWindowLength() {
            return initialWindowLength;
        }

        /** Receive buffer of each socket; 0: twice the window. */
        public Context socketRcvbufLength(int socketRcvbufLength) {
            this.socketRcvbufLength = set(socketRcvbufLength);
            return this;
        }

        public int socketRcvbufLength() {
            return socketRcvbufLength;
        }

        /** Bytes kept of operations that this rank has not begun; beyond that, peers are slowed down. */
        public Context receiveBufferLength(long receiveBufferLength) {
            this.receiveBufferLength = set(receiveBufferLength);
            return this;
        }

        public long receiveBufferLength() {
            return receiveBufferLength;
        }

        /** How often a rank with nothing to send shows that it is alive. */
        public Context heartbeatIntervalNs(long heartbeatIntervalNs) {
            this.heartbeatIntervalNs = set(heartbeatIntervalNs);
            return this;
        }

        public long heartbeatIntervalNs() {
            return heartbeatIntervalNs;
        }

        /** A rank that is not heard for so long is lost. */
        public Context peerLivenessTimeoutNs(long peerLivenessTimeoutNs) {
            this.peerLivenessTimeoutNs = set(peerLivenessTimeoutNs);
            return this;
        }

        public long peerLivenessTimeoutNs() {
            return peerLivenessTimeoutNs;
        }

        /** After data, how soon a small frame follows that reveals the loss of the last one. */
        public Context nudgeIntervalNs(long nudgeIntervalNs) {
            this.nudgeIntervalNs = set(nudgeIntervalNs);
            return this;
        }

        public long nudgeIntervalNs() {
            return nudgeIntervalNs;
        }

        /** Longest sleep of the exchange thread while an operation is under way; otherwise it is 20 times as long. */
        public Context maxParkNs(long maxParkNs) {
            this.maxParkNs = set(maxParkNs);
            return this;
        }

        public long maxParkNs() {
            return maxParkNs;
        }

        /** Shared memory that the driver of a rank needs at most, all logs touched. */
        public long sharedMemoryBytes(int worldSize) {
            long logs = 2L * (worldSize - 1);
            return logs * (3L * termBufferLength + 4096) + 16L * 1024 * 1024;
        }

        @Override
        public String toString() {
            return "AeronTransport.Context{directory=" + directory
                    + ", bindAddress=" + bindAddress
                    + ", timeoutNs=" + timeoutNs
                    + ", driverThreading=" + driverThreading
                    + ", mtuLength=" + mtuLength
                    + ", termBufferLength=" + termBufferLength
                    + ", initialWindowLength=" + initialWindowLength
                    + ", socketRcvbufLength=" + socketRcvbufLength
                    + ", receiveBufferLength=" + receiveBufferLength
                    + ", heartbeatIntervalNs=" + heartbeatIntervalNs
                    + ", peerLivenessTimeoutNs=" + peerLivenessTimeoutNs
                    + ", nudgeIntervalNs=" + nudgeIntervalNs
                    + ", maxParkNs=" + maxParkNs
                    + '}';
        }

        private boolean isLoopback() {
            try {
                return InetAddress.getByName(bindAddress).isLoopbackAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(
                        "bindAddress=" + bindAddress + " (expected: an address or name of this machine)", e);
            }
        }

        private <T> T set(T value) {
            if (concluded) {
                throw new IllegalStateException("this context is concluded; settings can no longer change");
            }
            return value;
        }

        private static String defaultDirectory() {
            Path memory = Path.of("/dev/shm");
            return Files.isDirectory(memory) && Files.isWritable(memory) ? memory.toString() : SystemUtil.tmpDirName();
        }

        private static int size(String name, String text) {
            long size = longSize(name, text);
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(name + "=" + text + " (expected: < 2g)");
            }
            return (int) size;
        }

        private static long longSize(String name, String text) {
            try {
                return SystemUtil.parseSize(name, text);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        name + "=" + text + " (expected: bytes, such as 262144, 256k, 2m)", e);
            }
        }

        private static long duration(String name, String text) {
            try {
                return SystemUtil.parseDuration(name, text);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        name + "=" + text + " (expected: a duration, such as 500us, 100ms, 5s, or nanoseconds)", e);
            }
        }

        private static DriverThreading threading(String name, String text) {
            for (DriverThreading value : DriverThreading.values()) {
                if (value.name().equalsIgnoreCase(text)) {
                    return value;
                }
            }
            throw new IllegalArgumentException(name + "=" + text + " (expected: invoker or shared)");
        }
    }

    /** The rules of {@link Context}, each alone and together. */
    private static final class ContextRules {
        private static final long NS_MIN = TimeUnit.MICROSECONDS.toNanos(1);

        static void check(Context c) {
            if (c.bindAddress.isBlank() || c.bindAddress.equals("0.0.0.0") || c.bindAddress.equals("::")) {
                throw new IllegalArgumentException("bindAddress=" + c.bindAddress
                        + " (expected: the address of one interface that the other ranks can reach)");
            }
            range("timeoutNs", c.timeoutNs, 1, Long.MAX_VALUE / 2);
            range("mtuLength", c.mtuLength, 512, Configuration.MAX_UDP_PAYLOAD_LENGTH);
            if (c.mtuLength % 32 != 0) {
                throw new IllegalArgumentException("mtuLength=" + c.mtuLength + " (expected: a multiple of 32)");
            }
            range("termBufferLength", c.termBufferLength, 64 * 1024, 1 << 30);
            if (!BitUtil.isPowerOfTwo(c.termBufferLength)) {
                throw new IllegalArgumentException(
                        "termBufferLength=" + c.termBufferLength + " (expected: a power of two, such as 2m)");
            }
            ordered("mtuLength", c.mtuLength, "initialWindowLength", c.initialWindowLength);
            ordered("initialWindowLength", c.initialWindowLength, "termBufferLength / 2", c.termBufferLength / 2);
            ordered("initialWindowLength", c.initialWindowLength, "socketRcvbufLength", c.socketRcvbufLength);
            ordered("32 * mtuLength", 32L * c.mtuLength, "termBufferLength", c.termBufferLength);
            range("receiveBufferLength", c.receiveBufferLength, 0, Long.MAX_VALUE / 2);
            range("nudgeIntervalNs", c.nudgeIntervalNs, NS_MIN, TimeUnit.SECONDS.toNanos(1));
            range("maxParkNs", c.maxParkNs, NS_MIN, TimeUnit.MILLISECONDS.toNanos(10));
            ordered("nudgeIntervalNs", c.nudgeIntervalNs, "heartbeatIntervalNs", c.heartbeatIntervalNs);
            ordered(
                    "3 * heartbeatIntervalNs",
                    3 * c.heartbeatIntervalNs,
                    "peerLivenessTimeoutNs",
                    c.peerLivenessTimeoutNs);
            range("peerLivenessTimeoutNs", c.peerLivenessTimeoutNs, 1, TimeUnit.HOURS.toNanos(1));
        }

        private static void range(String name, long value, long from, long to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(
                        name + "=" + value + " (expected: " + from + " <= " + name + " <= " + to + ")");
            }
        }

        private static void ordered(String smallName, long small, String largeName, long large) {
            if (small > large) {
                throw new IllegalArgumentException(smallName + "=" + small + " > " + largeName + "=" + large
                        + " (expected: " + smallName + " <= " + largeName + ")");
            }
        }
    }
}
