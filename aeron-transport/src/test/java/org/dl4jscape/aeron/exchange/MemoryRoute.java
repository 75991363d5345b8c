package org.dl4jscape.aeron.exchange;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A way that keeps the last message and brings none, for tests of what stands above the media. */
final class MemoryRoute implements Route {
    private final UnsafeBuffer buffer;

    /** What {@link #arrived} says. */
    long arrived;

    MemoryRoute(int maxMessageLength) {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(maxMessageLength));
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public int maxMessageLength() {
        return buffer.capacity();
    }

    @Override
    public int wireLength(int messageLength) {
        return messageLength;
    }

    @Override
    public boolean claim(int messageLength) {
        return messageLength <= buffer.capacity();
    }

    @Override
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public void commit() {}

    @Override
    public int poll(FrameHandler handler, int limit) {
        return 0;
    }

    @Override
    public long arrived() {
        return arrived;
    }

    @Override
    public String address() {
        return "memory";
    }
}
