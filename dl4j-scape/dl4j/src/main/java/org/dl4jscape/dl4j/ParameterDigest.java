package org.dl4jscape.dl4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the little-endian fp32 flat parameters: equal on all ranks after every step. */
public final class ParameterDigest {
    private static final int CHUNK = 1 << 14;

    private ParameterDigest() {}

    /** The digest as 64 hexadecimal digits; the buffer is read from 0 to its limit. */
    public static String sha256(FloatBuffer parameters) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            float[] values = new float[CHUNK];
            ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < parameters.limit(); at += CHUNK) {
                int length = Math.min(CHUNK, parameters.limit() - at);
                parameters.get(at, values, 0, length);
                bytes.clear();
                bytes.asFloatBuffer().put(values, 0, length);
                digest.update(bytes.array(), 0, 4 * length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256, which every Java platform must have", e);
        }
    }
}
