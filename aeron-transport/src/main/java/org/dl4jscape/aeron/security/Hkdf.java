package org.dl4jscape.aeron.security;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with HMAC-SHA256, after RFC 5869: {@code PRK = HMAC(salt, secret)}, {@code T(i) = HMAC(PRK, T(i-1) | info | i)}, and
 * the keys are the first bytes of {@code T(1) | T(2) | ...}.
 */
final class Hkdf {
    /** Bytes of an HMAC-SHA256. */
    static final int HASH_LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BLOCKS_MAX = 255;

    private Hkdf() {}

    /** The pseudo-random key of a secret; an empty salt counts as 32 zeros, as the RFC says. */
    static byte[] extract(byte[] salt, byte[] secret) {
        return mac(salt.length == 0 ? new byte[HASH_LENGTH] : salt).doFinal(secret);
    }

    /**
     * Key material for one purpose.
     *
     * @param pseudoRandomKey of {@link #extract}
     * @param info names the purpose
     * @param length bytes, 1 to 255 * 32
     */
    static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
        if (length < 1 || length > BLOCKS_MAX * HASH_LENGTH) {
            throw new IllegalArgumentException(
                    "length=" + length + " (expected: 1 to " + BLOCKS_MAX * HASH_LENGTH + ", RFC 5869 section 2.3)");
        }
        Mac mac = mac(pseudoRandomKey);
        ByteBuffer material = ByteBuffer.allocate(length);
        byte[] block = new byte[0];
        for (int i = 1; material.hasRemaining(); i++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) i);
            block = mac.doFinal();
            material.put(block, 0, Math.min(block.length, material.remaining()));
        }
        return material.array();
    }

    /** An HMAC-SHA256 with that key, reset. */
    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key of " + key.length + " bytes is refused", e);
        }
    }
}
