package org.dl4jscape.examples.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Writes a {@link TokenFile}, in flat memory: the validation tokens go to a file of their own and are appended at the end. Nothing has
 * the name of the file before all of it is written.
 */
final class TokenFileWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path path;
    private final byte[] description;
    private final int vocabulary;
    private final Part training;
    private final Part validation;

    private static final class Part implements AutoCloseable {
        private final Path path;
        private final int width;
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        private final CRC32C sum = new CRC32C();
        private long tokens;

        Part(Path path, int width, long start) throws IOException {
            this.path = path;
            this.width = width;
            channel = FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            channel.position(start);
        }

        void add(int token) throws IOException {
            if (buffer.remaining() < 2) {
                flush();
            }
            if (width == 1) {
                buffer.put((byte) token);
            } else {
                buffer.putShort((short) token);
            }
            tokens++;
        }

        void flush() throws IOException {
            buffer.flip();
            sum.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        void append(Part other) throws IOException {
            other.flush();
            other.channel.position(0);
            while (other.channel.read(buffer) >= 0) {
                flush();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    TokenFileWriter(Path path, Tokenizer tokenizer) throws IOException {
        this.path = path;
        description = TokenFile.description(tokenizer.describe());
        vocabulary = tokenizer.size();
        int width = vocabulary <= 256 ? 1 : 2;
        training = new Part(sibling(".partial"), width, TokenFile.dataStart(description.length));
        validation = new Part(sibling(".validation.partial"), width, 0);
    }

    private Path sibling(String ending) {
        return path.resolveSibling(path.getFileName() + ending);
    }

    void add(int token, boolean held) throws IOException {
        (held ? validation : training).add(token);
    }

    long trainingTokens() {
        return training.tokens;
    }

    long validationTokens() {
        return validation.tokens;
    }

    /** Makes the file complete and gives it its name. */
    void finish() throws IOException {
        training.flush();
        training.append(validation);
        ByteBuffer head = ByteBuffer.allocate(TokenFile.HEAD).order(ByteOrder.LITTLE_ENDIAN);
        head.put(TokenFile.MAGIC).putInt(TokenFile.VERSION).putInt(training.width);
        head.putInt(vocabulary).putInt(description.length);
        head.putLong(training.tokens).putLong(validation.tokens).putInt((int) training.sum.getValue());
        ByteBuffer text = ByteBuffer.wrap(description);
        head.putInt(TokenFile.headSum(head, text)).flip();
        write(head, 0);
        write(text, TokenFile.HEAD);
        training.channel.force(true);
        close();
        Files.move(training.path, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            training.channel.write(bytes, at + bytes.position());
        }
    }

    /** Removes what is unfinished. */
    @Override
    public void close() throws IOException {
        validation.close();
        Files.deleteIfExists(validation.path);
        training.close();
    }

    /** Removes everything: the preparation has failed. */
    void abandon() throws IOException {
        close();
        Files.deleteIfExists(training.path);
    }
}
