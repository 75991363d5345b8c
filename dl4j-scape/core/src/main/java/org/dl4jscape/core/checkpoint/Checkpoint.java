package org.dl4jscape.core.checkpoint;

import java.util.Map;
import org.dl4jscape.core.step.RankSnapshot;

/**
 * What one rank needs to go on, bit for bit, as if it had never stopped.
 *
 * @param layoutFingerprint of the parameter layout
 * @param configDigest of the configuration
 * @param snapshot the rank's state
 * @param parameters the exact parameters, d values
 * @param attributes what the engine must know besides: data position, seeds
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the array is the content
public record Checkpoint(
        long layoutFingerprint,
        long configDigest,
        RankSnapshot snapshot,
        float[] parameters,
        Map<String, String> attributes) {
    /** Copies the attributes. */
    public Checkpoint {
        attributes = Map.copyOf(attributes);
    }

    /**
     * Refuses to go on where something else was trained.
     *
     * @throws IllegalArgumentException when layout or configuration differ; the message says which
     */
    public void requireMatch(long fingerprint, long digest) {
        if (layoutFingerprint != fingerprint) {
            throw new IllegalArgumentException(mismatch("network layout", layoutFingerprint, fingerprint)
                    + "; resume with the network that was trained");
        }
        if (configDigest != digest) {
            throw new IllegalArgumentException(
                    mismatch("configuration", configDigest, digest) + "; resume with the configuration that was used");
        }
    }

    private static String mismatch(String what, long found, long wanted) {
        return String.format("the checkpoint has %s %016x (expected: %016x)", what, found, wanted);
    }
}
