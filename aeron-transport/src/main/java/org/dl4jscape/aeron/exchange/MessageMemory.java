package org.dl4jscape.aeron.exchange;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.dl4jscape.core.pack.EncodedValues;
import org.jspecify.annotations.Nullable;

/**
 * The memory below the messages of one peer, as the codec of values sees it. Allocates only when that memory changes.
 * Belongs to the exchange thread.
 */
final class MessageMemory {
    private @Nullable ByteBuffer memory;
    private EncodedValues values = EncodedValues.over(ByteBuffer.allocate(0));

    /** The memory below {@code buffer}, which lies over a {@link ByteBuffer}; see {@link #at}. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
    EncodedValues of(DirectBuffer buffer) {
        ByteBuffer below = Objects.requireNonNull(buffer.byteBuffer(), "a buffer over a ByteBuffer");
        if (below != memory) {
            memory = below;
            values = EncodedValues.over(below);
        }
        return values;
    }

    /** Where in that memory the byte {@code index} of {@code buffer} lies. */
    static int at(DirectBuffer buffer, int index) {
        return buffer.wrapAdjustment() + index;
    }
}
