package org.dl4jscape.aeron.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all ranks of a group know and nobody else. Immutable; says nothing of itself, so that no log can.
 *
 * <p>A secret is 16 to 4096 bytes; white space at its end is not part of it, so that an editor's line break does no harm.
 * It is never used itself: every purpose gets a key of its own, by {@link #keys}.
 */
public final class SharedSecret {
    /** The variable that is read where no file is named. */
    public static final String ENVIRONMENT_VARIABLE = "DL4J_SCAPE_SECRET";

    /** 16 bytes: a shorter one can be guessed from what is overheard. */
    public static final int LENGTH_MIN = 16;

    /** 4096 bytes. */
    public static final int LENGTH_MAX = 4096;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final byte[] bytes;

    private SharedSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The secret in a file, or else in {@link #ENVIRONMENT_VARIABLE}, or none.
     *
     * @param secretFile path; empty: the environment is asked
     * @param environment value of the variable, null where it is not set
     * @return null where there is none
     * @throws IllegalArgumentException naming the file or variable, what is wrong with it and the remedy
     */
    public static @Nullable SharedSecret find(String secretFile, @Nullable String environment) {
        if (!secretFile.isEmpty()) {
            return ofFile(secretFile);
        }
        return environment == null
                ? null
                : of(environment.getBytes(StandardCharsets.UTF_8), "the environment variable " + ENVIRONMENT_VARIABLE);
    }

    /**
     * The secret in a file that only its owner can read.
     *
     * @throws IllegalArgumentException naming the file, what is wrong with it and the remedy
     */
    public static SharedSecret ofFile(String secretFile) {
        Path path = Path.of(secretFile);
        String name = "secretFile=" + secretFile;
        try {
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw new IllegalArgumentException(name + " is not a file that can be read (expected: a file with at"
                        + " least " + LENGTH_MIN + " bytes, the same on all ranks); make one: head -c 32 /dev/urandom"
                        + " | base64 > FILE; chmod 600 FILE");
            }
            requirePrivate(path, name);
            if (Files.size(path) > LENGTH_MAX + 2) {
                throw new IllegalArgumentException(
                        name + " has " + Files.size(path) + " bytes (expected: <= " + LENGTH_MAX + ")");
            }
            return of(Files.readAllBytes(path), name);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requirePrivate(Path path, String name) throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        } catch (UnsupportedOperationException e) {
            return; // a file system without such permissions, as on some mounted volumes
        }
        permissions.retainAll(OTHERS);
        if (!permissions.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " can be used by others, " + permissions + " (expected: by its owner only); chmod 600 it");
        }
    }

    /**
     * The secret in those bytes, which are copied.
     *
     * @param source where they come from, for messages
     */
    public static SharedSecret of(byte[] bytes, String source) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == ' ')) {
            end--;
        }
        if (end < LENGTH_MIN || end > LENGTH_MAX) {
            throw new IllegalArgumentException(source + " has " + end + " bytes (expected: " + LENGTH_MIN + " to "
                    + LENGTH_MAX + "); make a secret: head -c 32 /dev/urandom | base64");
        }
        return new SharedSecret(java.util.Arrays.copyOf(bytes, end));
    }

    /**
     * Keys that only those have who know the secret and were there.
     *
     * @param salt random bytes of everybody who takes part
     */
    public DerivedKeys keys(byte[] salt) {
        return new DerivedKeys(Hkdf.extract(salt, bytes));
    }

    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "SharedSecret{}";
    }
}
