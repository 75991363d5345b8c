package org.dl4jscape.aeron;

import java.security.SecureRandom;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.jspecify.annotations.Nullable;

/**
 * By which numbers the streams of one rank are known: drawn at random and announced, or with a shared secret made of the keys
 * of the group, which every rank has and nobody is told.
 */
final class Sessions {
    private final SecureRandom random = new SecureRandom();
    private final @Nullable DerivedKeys keys;
    private final int own;
    private final int drawnStream;

    /**
     * For one rank.
     *
     * @param keys of the group; null: none
     * @param own this rank
     */
    Sessions(@Nullable DerivedKeys keys, int own) {
        this.keys = keys;
        this.own = own;
        drawnStream = keys == null ? 1 + random.nextInt(Integer.MAX_VALUE - 1) : streamOf(keys, own);
    }

    /** Whether the numbers are made of keys, and so not announced. */
    boolean areSecret() {
        return keys != null;
    }

    /** Stream on which this rank listens. */
    int ownStream() {
        return drawnStream;
    }

    /** The session that this rank accepts from {@code sender}. */
    int acceptedFrom(int sender) {
        return keys == null ? random.nextInt() : sessionOf(keys, sender, own);
    }

    /** Stream on which a peer listens. */
    int streamOf(RankEndpoint peer) {
        return keys == null ? peer.streamId() : streamOf(keys, peer.group().rank());
    }

    /** The session that a peer accepts from this rank. */
    int sessionTo(RankEndpoint peer) {
        return keys == null
                ? peer.doors().get(own).sessionId()
                : sessionOf(keys, own, peer.group().rank());
    }

    private static int streamOf(DerivedKeys keys, int rank) {
        return 1 + Math.floorMod(keys.number("stream of " + rank), Integer.MAX_VALUE - 1);
    }

    private static int sessionOf(DerivedKeys keys, int sender, int receiver) {
        return keys.number("session from " + sender + " to " + receiver);
    }
}
