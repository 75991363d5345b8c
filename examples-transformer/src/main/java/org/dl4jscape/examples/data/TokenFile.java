package org.dl4jscape.examples.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of tokens that training maps into memory; {@code scape prepare} makes it.
 *
 * <p>Little-endian. At 0: the eight characters {@code SCAPETOK}; int version 1; int bytes of a token, 1 or 2; int size of the
 * vocabulary; int length of the tokenizer's description, n; long number of training tokens; long number of validation tokens; int
 * CRC32C of all tokens; int CRC32C of the 44 bytes before it and of the description. At 48: the description, n bytes of JSON. At
 * {@code 4096 * ceil((48 + n) / 4096)}: the training tokens, then the validation tokens, to the end of the file.
 */
public final class TokenFile {
    static final byte[] MAGIC = "SCAPETOK".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    static final int HEAD = 48;
    private static final int PAGE = 4096;

    private final Path path;
    private final Tokenizer tokenizer;
    private final MappedTokens training;
    private final MappedTokens validation;

    private TokenFile(Path path, Tokenizer tokenizer, MappedTokens training, MappedTokens validation) {
        this.path = path;
        this.tokenizer = tokenizer;
        this.training = training;
        this.validation = validation;
    }

    /** Whether a file begins like one. */
    public static boolean isOne(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (var in = Files.newInputStream(path)) {
            return java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            return false; // whoever reads it as a text says why
        }
    }

    /**
     * Opens one and reads it once, to compare its checksums.
     *
     * @param option names the file in errors
     * @param path of the file
     * @throws IllegalArgumentException when it cannot be read, is truncated or damaged
     */
    public static TokenFile open(String option, Path path) {
        String what = option + "=" + path;
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer head = read(channel, 0, HEAD);
            head.position(MAGIC.length);
            int version = head.getInt();
            int width = head.getInt();
            int vocabulary = head.getInt();
            int length = head.getInt();
            long trainingTokens = head.getLong();
            long validationTokens = head.getLong();
            int dataSum = head.getInt();
            int headSum = head.getInt();
            if (version != VERSION) {
                throw damaged(what, "has version " + version + " (expected: " + VERSION + ")");
            }
            if (length < 2 || length > channel.size() || (width != 1 && width != 2)) {
                throw damaged(what, "has a header that makes no sense");
            }
            ByteBuffer description = read(channel, HEAD, length);
            if (headSum(head, description) != headSum) {
                throw damaged(what, "is damaged: its header has another checksum than it says");
            }
            long start = dataStart(length);
            long expected = start + width * (trainingTokens + validationTokens);
            if (channel.size() != expected) {
                throw damaged(what, "is truncated: " + channel.size() + " bytes (expected: " + expected + ")");
            }
            if (sum(channel, start) != dataSum) {
                throw damaged(what, "is damaged: its tokens have another checksum than it says");
            }
            JsonNode json = new ObjectMapper()
                    .readTree(
                            StandardCharsets.UTF_8.decode(description.rewind()).toString());
            Tokenizer tokenizer = Tokenizers.of(what, json);
            if (tokenizer.size() != vocabulary) {
                throw damaged(what, "names " + vocabulary + " tokens, its tokenizer has " + tokenizer.size());
            }
            String file = path.toAbsolutePath().toString();
            return new TokenFile(
                    path,
                    tokenizer,
                    new MappedTokens(file, start, width, trainingTokens),
                    new MappedTokens(file, start + width * trainingTokens, width, validationTokens));
        } catch (EOFException e) {
            throw new IllegalArgumentException(
                    what + " is truncated: it ends within its header; make it anew with scape prepare", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + " cannot be read (" + e + "); give a file that you may read", e);
        }
    }

    private static IllegalArgumentException damaged(String what, String how) {
        return new IllegalArgumentException(what + " " + how + "; make it anew with scape prepare");
    }

    /** Where the tokens begin after a description of this length. */
    static long dataStart(int length) {
        return (long) PAGE * ((HEAD + length + PAGE - 1) / PAGE);
    }

    /** The header's checksum. */
    static int headSum(ByteBuffer head, ByteBuffer description) {
        CRC32C sum = new CRC32C();
        sum.update(head.duplicate().position(0).limit(HEAD - 4));
        sum.update(description.duplicate().rewind());
        return (int) sum.getValue();
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private static int sum(FileChannel channel, long start) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long at = start;
        for (int read = channel.read(buffer, at); read > 0; read = channel.read(buffer, at)) {
            at += read;
            sum.update(buffer.flip());
            buffer.clear();
        }
        return (int) sum.getValue();
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** What its ids mean. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The tokens to train on. */
    public Tokens training() {
        return training;
    }

    /** The tokens to validate on. */
    public Tokens validation() {
        return validation;
    }

    /** The tokenizer's description as the file holds it. */
    static byte[] description(Map<String, Object> tokenizer) {
        try {
            return new ObjectMapper().writeValueAsBytes(tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
