package org.dl4jscape.aeron.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Keys of one session of some ranks, each for one purpose; two purposes tell nothing of each other. Immutable. */
public final class DerivedKeys {
    /** Bytes of a nonce. */
    public static final int NONCE_LENGTH = 32;

    private static final String CONTEXT = "dl4j-scape/1 ";

    private final byte[] pseudoRandomKey;

    DerivedKeys(byte[] pseudoRandomKey) {
        this.pseudoRandomKey = pseudoRandomKey;
    }

    /** Bytes that nobody can guess and that never come again. */
    public static byte[] nonce() {
        byte[] nonce = new byte[NONCE_LENGTH];
        new SecureRandom().nextBytes(nonce);
        return nonce;
    }

    /** SHA-256 of texts, each with its end marked. */
    public static byte[] digest(Iterable<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A seal for the frames of one direction. */
    public FrameSeal seal(String purpose) {
        return new FrameSeal(material(purpose, Hkdf.HASH_LENGTH));
    }

    /** HMAC-SHA256 of {@code message} under the key of {@code purpose}. */
    public byte[] proof(String purpose, byte[] message) {
        return Hkdf.mac(material(purpose, Hkdf.HASH_LENGTH)).doFinal(message);
    }

    /** Compares in the same time wherever the first difference is. */
    public static boolean isEqual(byte[] expected, byte[] actual) {
        return MessageDigest.isEqual(expected, actual);
    }

    /** A number that only the group can know. */
    public int number(String purpose) {
        return ByteBuffer.wrap(material(purpose, Integer.BYTES)).getInt();
    }

    private byte[] material(String purpose, int length) {
        return Hkdf.expand(pseudoRandomKey, (CONTEXT + purpose).getBytes(StandardCharsets.UTF_8), length);
    }

    /** Nothing of the keys. */
    @Override
    public String toString() {
        return "DerivedKeys{}";
    }
}
