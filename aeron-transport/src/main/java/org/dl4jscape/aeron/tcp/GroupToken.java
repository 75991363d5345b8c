package org.dl4jscape.aeron.tcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * What only those know that were at the rendezvous: the first half of SHA-256 over the lines of all ranks, each of which
 * has 128 random bits.
 *
 * @param high first 64 bits
 * @param low second 64 bits
 */
record GroupToken(long high, long low) {
    static GroupToken of(List<String> lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
            return new GroupToken(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Compares in the same time whether or not the beginning fits. */
    boolean matches(long otherHigh, long otherLow) {
        return ((high ^ otherHigh) | (low ^ otherLow)) == 0;
    }

    /** Says nothing of itself, so that no log can. */
    @Override
    public String toString() {
        return "GroupToken{}";
    }
}
