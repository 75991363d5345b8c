package org.dl4jscape.core.exchange;

/** What a message carries; bytes are counted by this kind. */
public enum PayloadKind {
    /** Packed values: first-moment contributions one way, parameters the other. */
    VALUES,
    /** Encoded masks and what travels with them. */
    MASK,
    /** Everything else: weights, barriers, agreement, heartbeats. */
    CONTROL
}
