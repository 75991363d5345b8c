package org.dl4jscape.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The kernel families in the jar: source and the PTX that was made from it. A PTX names the SHA-256 of its source; one that
 * does not match is refused, since it would compute something else than what can be read.
 */
public final class KernelSources {
    /** The families, one source file each. */
    public static final List<String> FAMILIES = List.of("accumulate", "select", "pack", "update", "convert");

    private static final String FOLDER = "/org/dl4jscape/cuda/kernels/";
    private static final String SHARED = "scape.cuh";

    private KernelSources() {}

    /**
     * The PTX of a family.
     *
     * @throws CudaException when it was not made from the source beside it
     */
    public static String ptx(String family) {
        String ptx = new String(bytes(family + ".ptx"), StandardCharsets.US_ASCII);
        requireMatch(family, ptx, sourceSha256(family));
        return ptx;
    }

    static void requireMatch(String family, String ptx, String source) {
        String named = ptx.lines().skip(1).findFirst().orElse("").replaceFirst("^// *", "");
        if (!named.equals(source)) {
            throw new CudaException(family + ".ptx was made from another source (it names SHA-256 " + named + ", "
                    + SHARED + " and " + family + ".cu have " + source + "); run cuda-ops/build-ptx and build again");
        }
    }

    private static String sourceSha256(String family) {
        return sha256(bytes(SHARED), bytes(family + ".cu"));
    }

    /** SHA-256 of what all families share and of one source, one behind the other, in lower-case hexadecimal. */
    static String sha256(byte[] shared, byte[] source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(shared);
            digest.update(source);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] bytes(String name) {
        try (InputStream in = KernelSources.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new CudaException("the jar lacks " + FOLDER + name + "; take scape-cuda-ops as it was built");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
