package org.dl4jscape.aeron.exchange;

import java.util.Locale;

/** What every frame carries, so that a frame that was changed is dropped. The same on all ranks. */
public enum FrameCheck {
    /** A CRC32C: finds accidents, not attackers; costs next to nothing. */
    CRC32C,
    /**
     * The first 64 bits of an HMAC-SHA256 over place and content, under a key for each direction of each pair of ranks: finds
     * attackers too. Needs a shared secret, and time for every byte on both sides.
     */
    HMAC;

    /** Reads the name of a check, in any case. */
    static FrameCheck parse(String name, String text) {
        for (FrameCheck check : values()) {
            if (check.name().equals(text.toUpperCase(Locale.ROOT))) {
                return check;
            }
        }
        throw new IllegalArgumentException(name + "=" + text + " (expected: crc32c or hmac)");
    }
}
