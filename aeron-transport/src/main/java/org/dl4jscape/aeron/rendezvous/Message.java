package org.dl4jscape.aeron.rendezvous;

import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.core.exchange.ProcessGroup;

/** What a rank and the host say to each other; {@code rendezvous.xml} says when. */
sealed interface Message {
    /** The first word of a rank. */
    record Open(boolean isSecured, byte[] nonce) implements Message {}

    /** The first word of the host. */
    record Challenge(boolean isSecured, byte[] nonce) implements Message {}

    /** A rank wants a seat. */
    record Join(int rank, int worldSize, int generation, String fingerprint) implements Message {}

    /** A rank has a seat. */
    record Place(ProcessGroup group) implements Message {}

    /** What a rank announces at a meeting. */
    record Line(int meeting, int rank, String text) implements Message {}

    /** A rank wants a seat in the generation after this one. */
    record Next(int generation) implements Message {}

    /** A rank does not get what it waits for. */
    record Refusal(Reason reason, boolean isFinal, int rank, String sentence) implements Message {}

    /** A rank gives its seat back. */
    record Leave(int generation) implements Message {}
}
