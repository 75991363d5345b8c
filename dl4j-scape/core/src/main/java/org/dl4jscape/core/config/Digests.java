package org.dl4jscape.core.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** 64-bit digests of texts, for the comparison of configurations and layouts between ranks and checkpoints. */
public final class Digests {
    private Digests() {}

    /** The first eight bytes of the SHA-256 of the text's UTF-8 form. */
    public static long of(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256, which every Java platform must have", e);
        }
    }
}
