package org.dl4jscape.aeron.exchange;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.agrona.SystemUtil;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all media share. Set, then {@link #conclude()}, which checks each alone and all together and freezes
 * them. Sizes are bytes, durations nanoseconds; as properties, both may carry a unit ({@code 2m}, {@code 5s}).
 *
 * @param <C> the context of one medium, for chains of setters
 */
public abstract class ExchangeContext<C extends ExchangeContext<C>> {
    /** 60 s: the shortest time allowed for connecting where the deadline of a wait is shorter. */
    public static final long CONNECT_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

    /** 16 MiB. */
    public static final long RECEIVE_BUFFER_LENGTH_DEFAULT = 16L * 1024 * 1024;

    /** 1 GiB. */
    public static final int MAX_CONTRIBUTION_LENGTH_DEFAULT = 1 << 30;

    /** 100 ms. */
    public static final long HEARTBEAT_INTERVAL_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(100);

    /** 1.5 s: a peer that is gone is known within 2 s, and a pause of a second is survived. */
    public static final long PEER_LIVENESS_TIMEOUT_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(1500);

    /** 1 ms. */
    public static final long NUDGE_INTERVAL_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(1);

    /** 50 us. */
    public static final long MAX_PARK_NS_DEFAULT = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long NS_MIN = TimeUnit.MICROSECONDS.toNanos(1);

    private final Map<String, BiConsumer<String, String>> properties = new TreeMap<>();
    private boolean concluded;
    private String bindAddress = "127.0.0.1";
    private long timeoutNs = CollectivesOptions.TIMEOUT_NS_DEFAULT;
    private long connectTimeoutNs;
    private long receiveBufferLength = RECEIVE_BUFFER_LENGTH_DEFAULT;
    private int maxContributionLength = MAX_CONTRIBUTION_LENGTH_DEFAULT;
    private long heartbeatIntervalNs = HEARTBEAT_INTERVAL_NS_DEFAULT;
    private long peerLivenessTimeoutNs = PEER_LIVENESS_TIMEOUT_NS_DEFAULT;
    private long nudgeIntervalNs = NUDGE_INTERVAL_NS_DEFAULT;
    private long maxParkNs = MAX_PARK_NS_DEFAULT;
    private Algorithm algorithm = Algorithm.AUTO;
    private String secretFile = "";
    private FrameCheck frameCheck = FrameCheck.CRC32C;
    private @Nullable SharedSecret secret;

    /** All defaults. */
    protected ExchangeContext() {
        property("algorithm", (name, text) -> algorithm(Algorithm.parse(name, text)));
        property("secretFile", (name, text) -> secretFile(text));
        property("frameCheck", (name, text) -> frameCheck(FrameCheck.parse(name, text)));
        property("connectTimeoutNs", (name, text) -> connectTimeoutNs(duration(name, text)));
        property("receiveBufferLength", (name, text) -> receiveBufferLength(longSize(name, text)));
        property("maxContributionLength", (name, text) -> maxContributionLength(size(name, text)));
        property("heartbeatIntervalNs", (name, text) -> heartbeatIntervalNs(duration(name, text)));
        property("peerLivenessTimeoutNs", (name, text) -> peerLivenessTimeoutNs(duration(name, text)));
        property("nudgeIntervalNs", (name, text) -> nudgeIntervalNs(duration(name, text)));
        property("maxParkNs", (name, text) -> maxParkNs(duration(name, text)));
    }

    /** This context by its own type. */
    protected abstract C self();

    /** Fills what was left to choose and checks what only one medium has; called once, before the freeze. */
    protected abstract void concludeMedium();

    /** Makes a setting known as a property; the setter gets its name and the text. */
    protected final void property(String name, BiConsumer<String, String> setter) {
        properties.put(name, setter);
    }

    /**
     * Takes over what every transport is told, and the properties that this one knows.
     *
     * @throws IllegalArgumentException when a property is unknown or cannot be read
     */
    public final C options(CollectivesOptions options) {
        timeoutNs(options.timeoutNs());
        bindAddress(options.bindAddress());
        options.properties().forEach((name, text) -> {
            BiConsumer<String, String> setter = properties.get(name);
            if (setter == null) {
                throw new IllegalArgumentException(
                        "unknown property " + name + "=" + text + " (expected: one of " + properties.keySet() + ")");
            }
            setter.accept(name, text);
        });
        return self();
    }

    /**
     * Checks every setting and their relations, fills what was left to choose, and freezes all; idempotent.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is expected
     */
    public final C conclude() {
        if (!concluded) {
            check();
            if (connectTimeoutNs == 0) {
                connectTimeoutNs = Math.max(timeoutNs, CONNECT_TIMEOUT_NS_DEFAULT);
            }
            concludeMedium();
            concludeSecret();
            concluded = true;
        }
        return self();
    }

    private void concludeSecret() {
        secret = SharedSecret.find(secretFile, System.getenv(SharedSecret.ENVIRONMENT_VARIABLE));
        if (frameCheck == FrameCheck.HMAC && secret == null) {
            throw new IllegalArgumentException(
                    "frameCheck=hmac needs a secret that all ranks share; set secretFile, or the"
                            + " environment variable " + SharedSecret.ENVIRONMENT_VARIABLE);
        }
    }

    private void check() {
        if (bindAddress.isBlank() || isWildcard(bindAddress)) {
            throw new IllegalArgumentException("bindAddress=" + bindAddress
                    + " (expected: the address of one interface that the other ranks can reach)");
        }
        range("timeoutNs", timeoutNs, 1, Long.MAX_VALUE / 2);
        range("connectTimeoutNs", connectTimeoutNs, 0, Long.MAX_VALUE / 2);
        range("receiveBufferLength", receiveBufferLength, 0, Long.MAX_VALUE / 2);
        range("maxContributionLength", maxContributionLength, 4096, Integer.MAX_VALUE - 8);
        range("nudgeIntervalNs", nudgeIntervalNs, NS_MIN, TimeUnit.SECONDS.toNanos(1));
        range("maxParkNs", maxParkNs, NS_MIN, TimeUnit.MILLISECONDS.toNanos(10));
        ordered("nudgeIntervalNs", nudgeIntervalNs, "heartbeatIntervalNs", heartbeatIntervalNs);
        range("peerLivenessTimeoutNs", peerLivenessTimeoutNs, 1, TimeUnit.HOURS.toNanos(1));
        ordered("3 * heartbeatIntervalNs", 3 * heartbeatIntervalNs, "peerLivenessTimeoutNs", peerLivenessTimeoutNs);
    }

    /** Whether an address stands for all interfaces, however it is written; a name that is unknown is refused later. */
    private static boolean isWildcard(String address) {
        try {
            return InetAddress.getByName(address).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Address of the one interface on which this rank listens. */
    public final C bindAddress(String bindAddress) {
        this.bindAddress = set(bindAddress);
        return self();
    }

    public final String bindAddress() {
        return bindAddress;
    }

    /** Deadline of every single wait of an operation. */
    public final C timeoutNs(long timeoutNs) {
        this.timeoutNs = set(timeoutNs);
        return self();
    }

    public final long timeoutNs() {
        return timeoutNs;
    }

    /** Deadline of every single wait while the ranks connect; 0: as {@code timeoutNs}, but at least 60 s. */
    public final C connectTimeoutNs(long connectTimeoutNs) {
        this.connectTimeoutNs = set(connectTimeoutNs);
        return self();
    }

    public final long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    /** Bytes kept of operations that this rank has not begun; beyond that, peers are slowed down. */
    public final C receiveBufferLength(long receiveBufferLength) {
        this.receiveBufferLength = set(receiveBufferLength);
        return self();
    }

    public final long receiveBufferLength() {
        return receiveBufferLength;
    }

    /** Bytes of the largest contribution of one rank to one operation that is believed; the same on all ranks. */
    public final C maxContributionLength(int maxContributionLength) {
        this.maxContributionLength = set(maxContributionLength);
        return self();
    }

    public final int maxContributionLength() {
        return maxContributionLength;
    }

    /** How often a rank with nothing to send shows that it is alive. */
    public final C heartbeatIntervalNs(long heartbeatIntervalNs) {
        this.heartbeatIntervalNs = set(heartbeatIntervalNs);
        return self();
    }

    public final long heartbeatIntervalNs() {
        return heartbeatIntervalNs;
    }

    /** A rank that is not heard for so long is lost. */
    public final C peerLivenessTimeoutNs(long peerLivenessTimeoutNs) {
        this.peerLivenessTimeoutNs = set(peerLivenessTimeoutNs);
        return self();
    }

    public final long peerLivenessTimeoutNs() {
        return peerLivenessTimeoutNs;
    }

    /** After data, how soon a small frame follows that reveals the loss of the last one. */
    public final C nudgeIntervalNs(long nudgeIntervalNs) {
        this.nudgeIntervalNs = set(nudgeIntervalNs);
        return self();
    }

    public final long nudgeIntervalNs() {
        return nudgeIntervalNs;
    }

    /** Longest sleep of the exchange thread while an operation is under way; otherwise it is 20 times as long. */
    public final C maxParkNs(long maxParkNs) {
        this.maxParkNs = set(maxParkNs);
        return self();
    }

    public final long maxParkNs() {
        return maxParkNs;
    }

    /** The way in which values travel between the ranks; the same on all ranks. */
    public final C algorithm(Algorithm algorithm) {
        this.algorithm = set(algorithm);
        return self();
    }

    public final Algorithm algorithm() {
        return algorithm;
    }

    /**
     * File with the secret that all ranks share: 16 bytes or more, readable by its owner only. Empty: the environment variable
     * {@code DL4J_SCAPE_SECRET}, and where that is not set, no secret.
     */
    public final C secretFile(String secretFile) {
        this.secretFile = set(secretFile);
        return self();
    }

    public final String secretFile() {
        return secretFile;
    }

    /** What was found of {@link #secretFile}, once this is concluded; null: there is no secret. */
    public final @Nullable SharedSecret secret() {
        return secret;
    }

    /** What every frame carries against changes on its way; the same on all ranks. */
    public final C frameCheck(FrameCheck frameCheck) {
        this.frameCheck = set(frameCheck);
        return self();
    }

    public final FrameCheck frameCheck() {
        return frameCheck;
    }

    /** The settings of this class, in the form {@code name=value, ...}. */
    protected final String describe() {
        return "bindAddress=" + bindAddress
                + ", timeoutNs=" + timeoutNs
                + ", connectTimeoutNs=" + connectTimeoutNs
                + ", receiveBufferLength=" + receiveBufferLength
                + ", maxContributionLength=" + maxContributionLength
                + ", heartbeatIntervalNs=" + heartbeatIntervalNs
                + ", peerLivenessTimeoutNs=" + peerLivenessTimeoutNs
                + ", nudgeIntervalNs=" + nudgeIntervalNs
                + ", maxParkNs=" + maxParkNs
                + ", algorithm=" + algorithm
                + ", secret=" + (secret == null ? "none" : "set")
                + ", frameCheck=" + frameCheck;
    }

    /** Lets a value through while the settings may change. */
    protected final <T> T set(T value) {
        if (concluded) {
            throw new IllegalStateException("this context is concluded; settings can no longer change");
        }
        return value;
    }

    /** Reads bytes below 2 GiB. */
    protected static int size(String name, String text) {
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
            throw new IllegalArgumentException(name + "=" + text + " (expected: bytes, such as 262144, 256k, 2m)", e);
        }
    }

    /** Reads a duration. */
    protected static long duration(String name, String text) {
        try {
            return SystemUtil.parseDuration(name, text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    name + "=" + text + " (expected: a duration, such as 500us, 100ms, 5s, or nanoseconds)", e);
        }
    }

    /** Refuses a value outside of its range. */
    protected static void range(String name, long value, long from, long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(
                    name + "=" + value + " (expected: " + from + " <= " + name + " <= " + to + ")");
        }
    }

    /** Refuses two values in the wrong order. */
    protected static void ordered(String smallName, long small, String largeName, long large) {
        if (small > large) {
            throw new IllegalArgumentException(smallName + "=" + small + " > " + largeName + "=" + large
                    + " (expected: " + smallName + " <= " + largeName + ")");
        }
    }
}
