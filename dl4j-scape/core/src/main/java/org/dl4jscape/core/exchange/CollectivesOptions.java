package org.dl4jscape.core.exchange;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What every transport is told when it is connected.
 *
 * @param timeoutNs deadline of every single wait in nanoseconds, &gt; 0
 * @param bindAddress address of the interface to listen on, such as {@code 127.0.0.1} or {@code 10.0.0.3}
 * @param properties settings that only one transport knows, by name; an unknown name is refused by the transport
 */
public record CollectivesOptions(long timeoutNs, String bindAddress, Map<String, String> properties) {
    /** Deadline of a wait where the user sets none: 60 s. */
    public static final long TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

    /** Checks the deadline and copies the properties. */
    public CollectivesOptions {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " (expected: > 0)");
        }
        if (bindAddress.isBlank()) {
            throw new IllegalArgumentException("bindAddress is blank (expected: an address such as 127.0.0.1)");
        }
        properties = Map.copyOf(properties);
    }

    /** Loopback, default deadline, nothing else. */
    public static CollectivesOptions defaults() {
        return new CollectivesOptions(TIMEOUT_NS_DEFAULT, "127.0.0.1", Map.of());
    }
}
