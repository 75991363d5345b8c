package org.dl4jscape.examples.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tokens of a file, mapped where they are used: what travels to another JVM is the path. */
final class MappedTokens implements Tokens {
    private static final long serialVersionUID = 1L;

    /** Bytes of one mapping; a mapping holds at most 2 GiB. */
    private static final long PART = 1L << 30;

    private final String file;
    private final long start;
    private final int width;
    private final long length;
    private transient MappedByteBuffer @Nullable [] parts;

    /**
     * Nothing is mapped yet.
     *
     * @param file absolute path
     * @param start first byte
     * @param width bytes of a token, 1 or 2
     * @param length number of tokens
     */
    MappedTokens(String file, long start, int width, long length) {
        this.file = file;
        this.start = start;
        this.width = width;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int at(long index) {
        MappedByteBuffer[] mapped = parts;
        if (mapped == null) {
            mapped = map();
        }
        long at = index * width;
        MappedByteBuffer part = mapped[(int) (at / PART)];
        int within = (int) (at % PART);
        return width == 1 ? part.get(within) & 0xff : part.getShort(within) & 0xffff;
    }

    private synchronized MappedByteBuffer[] map() {
        long bytes = length * width;
        MappedByteBuffer[] mapped = new MappedByteBuffer[(int) ((bytes + PART - 1) / PART)];
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            for (int i = 0; i < mapped.length; i++) {
                long from = i * PART;
                mapped[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, Math.min(PART, bytes - from));
                mapped[i].order(ByteOrder.LITTLE_ENDIAN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; it was there when the training began", e);
        }
        parts = mapped;
        return mapped;
    }
}
