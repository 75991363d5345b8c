package org.dl4jscape.aeron.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSecretTest {
    private static final String WORDS = "correct horse battery staple";

    @TempDir
    Path folder;

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void shouldGiveEveryPurposeAndEverySaltAnotherKey() {
        SharedSecret secret = SharedSecret.of(WORDS.getBytes(StandardCharsets.UTF_8), "test");
        byte[] salt = DerivedKeys.nonce();
        assertEquals(secret.keys(salt).number("a"), secret.keys(salt).number("a"));
        assertNotEquals(secret.keys(salt).number("a"), secret.keys(salt).number("b"));
        assertNotEquals(
                secret.keys(salt).number("a"), secret.keys(DerivedKeys.nonce()).number("a"));
    }

    @Test
    void shouldReadTheSameSecretFromAFileAndFromTheEnvironment() throws IOException {
        byte[] salt = DerivedKeys.nonce();
        SharedSecret ofFile =
                SharedSecret.ofFile(file(WORDS + "\r\n", "rw-------").toString());
        SharedSecret ofEnvironment = Objects.requireNonNull(SharedSecret.find("", WORDS));
        assertArrayEquals(
                ofFile.keys(salt).proof("a", new byte[0]),
                ofEnvironment.keys(salt).proof("a", new byte[0]));
        assertNull(SharedSecret.find("", null));
    }

    @Test
    void shouldRefuseAFileThatOthersCanUse() throws IOException {
        for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            Path file = file(WORDS, permissions);
            String message = refusal(() -> SharedSecret.ofFile(file.toString()));
            assertTrue(message.contains("can be used by others") && message.contains("chmod 600"), message);
            assertTrue(message.contains("secretFile=" + file), message);
        }
    }

    @Test
    void shouldRefuseWhatIsNoSecret() throws IOException {
        Path missing = folder.resolve("missing");
        assertTrue(refusal(() -> SharedSecret.ofFile(missing.toString())).contains("is not a file that can be read"));
        assertTrue(refusal(() -> SharedSecret.ofFile(folder.toString())).contains("is not a file that can be read"));
        for (String content : List.of("", "\n", "fifteen letters", "x".repeat(4097))) {
            Path file = file(content, "rw-------");
            String message = refusal(() -> SharedSecret.ofFile(file.toString()));
            assertTrue(message.contains("bytes (expected: "), message);
        }
        String message = refusal(() -> SharedSecret.find("", "short"));
        assertTrue(message.startsWith("the environment variable DL4J_SCAPE_SECRET has 5 bytes"), message);
    }

    @Test
    void shouldSayNothingOfItself() {
        SharedSecret secret = SharedSecret.of(WORDS.getBytes(StandardCharsets.UTF_8), "test");
        DerivedKeys keys = secret.keys(new byte[32]);
        assertEquals("SharedSecret{}", secret.toString());
        assertEquals("DerivedKeys{}", keys.toString());
        assertEquals("FrameSeal{}", keys.seal("a").toString());
        assertFalse(refusal(() -> SharedSecret.of("tell nobody".getBytes(StandardCharsets.UTF_8), "test"))
                .contains("tell nobody"));
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
