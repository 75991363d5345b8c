package org.dl4jscape.aeron.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.dl4jscape.aeron.exchange.FrameHandler;
import org.dl4jscape.aeron.security.FrameSeal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole messages over one non-blocking connection: length, CRC32C, message; once it is sealed, the first 64 bits of an HMAC
 * stand in place of the CRC32C. With CRC32C it allocates nothing once it is made. Belongs to the exchange thread.
 */
final class FramedChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FramedChannel.class);

    /** Length and CRC32C. */
    static final int FRAME_HEADER_LENGTH = 2 * Integer.BYTES;

    /** Length and the beginning of an HMAC. */
    static final int SEALED_HEADER_LENGTH = Integer.BYTES + Long.BYTES;

    /** Messages gathered before a system call, so that small ones share it. */
    private static final int FLUSH_LENGTH = 64 * 1024;

    private final SocketChannel channel;
    private final int maxMessageLength;
    private final ByteBuffer out;
    private final ByteBuffer outView;
    private final UnsafeBuffer outgoing;
    private final ByteBuffer in;
    private final ByteBuffer inView;
    private final UnsafeBuffer incoming;
    private final CRC32C checksum = new CRC32C();
    private @Nullable FrameSeal outSeal;
    private @Nullable FrameSeal inSeal;
    private byte[] copy = new byte[0];
    private long sentMessages;
    private long takenMessages;
    private int headerLength = FRAME_HEADER_LENGTH;
    private int claimed;
    private long received;

    /** What lies before has been given to the system. */
    private int sent;

    /** Takes over a channel; it is closed with this, and here if it cannot be used. */
    FramedChannel(SocketChannel channel, int maxMessageLength, int socketBufferLength) throws IOException {
        this.channel = channel;
        this.maxMessageLength = maxMessageLength;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (socketBufferLength > 0) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, socketBufferLength);
                channel.setOption(StandardSocketOptions.SO_RCVBUF, socketBufferLength);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        int capacity = 4 * (maxMessageLength + SEALED_HEADER_LENGTH);
        out = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        outView = out.duplicate();
        outgoing = new UnsafeBuffer(out);
        in = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        inView = in.duplicate();
        incoming = new UnsafeBuffer(in);
        in.limit(0);
    }

    void connect(SocketAddress address) throws IOException {
        channel.connect(address);
    }

    /** Goes on with connecting; true when the connection stands. */
    boolean finishConnect() throws IOException {
        return channel.isConnected() || channel.finishConnect();
    }

    /** From now on every message has an HMAC of its number and bytes, both ways. */
    void seal(FrameSeal outgoing, FrameSeal incoming) {
        outSeal = outgoing;
        inSeal = incoming;
        sentMessages = 0;
        takenMessages = 0;
        copy = new byte[maxMessageLength];
        headerLength = SEALED_HEADER_LENGTH;
    }

    /** Bytes of a frame before its message. */
    int headerLength() {
        return headerLength;
    }

    /**
     * Makes room for one message; false where there is none now.
     *
     * @throws IOException when the connection is gone
     */
    boolean claim(int messageLength) throws IOException {
        int needed = headerLength + messageLength;
        if (out.remaining() < needed) {
            flush();
            if (out.capacity() - (out.position() - sent) < needed) {
                return false;
            }
            moveToFront();
        }
        claimed = messageLength;
        return true;
    }

    UnsafeBuffer outgoing() {
        return outgoing;
    }

    int offset() {
        return out.position() + headerLength;
    }

    /** Completes the frame of the message that was claimed last; it goes with the next {@link #flush}. */
    void commit() throws IOException {
        int at = offset();
        FrameSeal seal = outSeal;
        if (seal == null) {
            out.putInt(claimed).putInt(checksumOf(outView, at, claimed));
        } else {
            out.putInt(claimed).putLong(tagOf(seal, sentMessages++, outgoing, at, claimed));
        }
        out.position(at + claimed);
        if (out.position() - sent >= FLUSH_LENGTH) {
            flush();
        }
    }

    private void moveToFront() {
        out.flip().position(sent);
        out.compact();
        sent = 0;
    }

    /** Gives the system what it takes now; returns the number of bytes. */
    int flush() throws IOException {
        if (isFlushed()) {
            return 0;
        }
        outView.limit(out.position()).position(sent);
        int count = channel.write(outView);
        sent += count;
        if (isFlushed()) {
            sent = 0;
            out.clear();
        }
        return count;
    }

    /** Whether everything that was committed has been given to the system. */
    boolean isFlushed() {
        return out.position() == sent;
    }

    /**
     * Hands over the messages that are here, at most {@code limit}, until one is held back; returns their number.
     *
     * @throws EOFException when the other side has closed and nothing is left
     * @throws CorruptFrameException when a frame is not one
     */
    int poll(FrameHandler handler, int limit) throws IOException {
        int taken = take(handler, limit);
        if (taken == 0 && fill()) {
            taken = take(handler, limit);
        }
        return taken;
    }

    private int take(FrameHandler handler, int limit) throws CorruptFrameException {
        int taken = 0;
        while (taken < limit && in.remaining() >= headerLength) {
            int length = in.getInt(in.position());
            if (length <= 0 || length > maxMessageLength) {
                throw new CorruptFrameException(
                        "a frame of " + length + " bytes came (expected: 1 to " + maxMessageLength + ")");
            }
            if (in.remaining() < headerLength + length) {
                break;
            }
            int at = in.position() + headerLength;
            requireIntact(at, length);
            if (!handler.onFrame(incoming, at, length)) {
                break;
            }
            takenMessages++;
            in.position(at + length);
            taken++;
        }
        return taken;
    }

    private void requireIntact(int at, int length) throws CorruptFrameException {
        FrameSeal seal = inSeal;
        int tagAt = in.position() + Integer.BYTES;
        boolean intact = seal == null
                ? in.getInt(tagAt) == checksumOf(inView, at, length)
                : in.getLong(tagAt) == tagOf(seal, takenMessages, incoming, at, length);
        if (!intact) {
            throw new CorruptFrameException(
                    "a frame of " + length + " bytes had a wrong " + (seal == null ? "checksum" : "HMAC"));
        }
    }

    private long tagOf(FrameSeal seal, long number, UnsafeBuffer buffer, int at, int length) {
        buffer.getBytes(at, copy, 0, length);
        return seal.shortTag(number, copy, 0, length);
    }

    /** Reads what the system has, behind what is here; true when anything came. */
    private boolean fill() throws IOException {
        if (in.remaining() >= headerLength + maxMessageLength) {
            return false;
        }
        in.compact();
        int count;
        try {
            count = channel.read(in);
        } finally {
            in.flip();
        }
        if (count < 0) {
            throw new EOFException("it closed the connection");
        }
        received += count;
        return count > 0;
    }

    /** Bytes that have come, whole messages or not. */
    long received() {
        return received;
    }

    private int checksumOf(ByteBuffer view, int at, int length) {
        view.limit(at + length).position(at);
        checksum.reset();
        checksum.update(view);
        return (int) checksum.getValue();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{} did not close in order: {}", channel, e.toString());
        }
    }
}
