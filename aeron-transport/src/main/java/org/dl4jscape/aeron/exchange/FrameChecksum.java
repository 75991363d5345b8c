package org.dl4jscape.aeron.exchange;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The CRC32C of a message in a direct buffer, with a mark that tells it from no checksum.
 *
 * <p>64 bits: the mark {@code 0x53434150} above, the CRC below. Allocates only when the memory below the buffer changes.
 * Finds accidents, not attackers. Not thread-safe.
 */
public final class FrameChecksum {
    private static final long MARK = 0x53434150L << 32;

    private final CRC32C crc = new CRC32C();
    private @Nullable ByteBuffer memory;
    private ByteBuffer view = ByteBuffer.allocate(0);

    /** One that has seen nothing. */
    public FrameChecksum() {}

    /** The checksum of {@code length} bytes from {@code offset}; {@code buffer} lies over a {@link ByteBuffer}. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
    public long of(DirectBuffer buffer, int offset, int length) {
        ByteBuffer bytes = Objects.requireNonNull(buffer.byteBuffer(), "a buffer over a ByteBuffer");
        if (bytes != memory) {
            memory = bytes;
            view = bytes.duplicate();
        }
        int at = buffer.wrapAdjustment() + offset;
        view.limit(at + length).position(at);
        crc.reset();
        crc.update(view);
        return MARK | crc.getValue();
    }
}
