package org.dl4jscape.aeron.rendezvous;

import org.dl4jscape.core.exchange.CollectiveException;

/** Ranks could not meet; the message says why, with both values, and what helps. */
public final class RendezvousException extends CollectiveException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why ranks could not meet. Travels as its place in this list. */
    public enum Reason {
        /** The host's name does not resolve. */
        UNKNOWN_HOST,
        /** Nobody answers at the host's address, or the connection ended. */
        UNREACHABLE,
        /** The host cannot listen at its address. */
        PORT_IN_USE,
        /** What answers is no rendezvous, or one of another version. */
        PROTOCOL,
        /** One side has a secret and the other has none. */
        SECRET_MISSING,
        /** The two sides have different secrets. */
        SECRET_WRONG,
        /** Two processes are the same rank. */
        DUPLICATE_RANK,
        /** A rank belongs to a group of another size. */
        WORLD_SIZE,
        /** A rank belongs to another membership of the group. */
        GENERATION,
        /** A rank has another network or configuration. */
        FINGERPRINT,
        /** A rank did not come in time. */
        TIMEOUT,
        /** A rank came and has gone. */
        RANK_LOST,
        /** The next generation was formed without this rank. */
        LEFT_OUT,
        /** Too few ranks are left for another generation. */
        TOO_FEW,
        /** The host was closed. */
        CLOSED
    }

    /** With the whole sentence. */
    public RendezvousException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** With the whole sentence and what was thrown below. */
    public RendezvousException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
