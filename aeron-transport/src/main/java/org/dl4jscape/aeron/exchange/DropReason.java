package org.dl4jscape.aeron.exchange;

/** Why a frame was dropped: it changes nothing but its counter. */
public enum DropReason {
    /** Its CRC32C or HMAC is wrong, or it has none. */
    CHECKSUM,
    /** It is not of this schema and version, or not of a kind that it knows. */
    SCHEMA,
    /** It belongs to an older or younger membership of the group. */
    GENERATION,
    /** It bears the name of another rank than the one that this way leads to. */
    RANK,
    /** It is shorter than it says, or tells a length or place that cannot be. */
    LENGTH,
    /** It came before. */
    DUPLICATE,
    /** It came from another address than the one that its rank announced. */
    SOURCE
}
