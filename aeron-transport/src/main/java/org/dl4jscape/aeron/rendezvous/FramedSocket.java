package org.dl4jscape.aeron.rendezvous;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.FrameSeal;
import org.dl4jscape.aeron.security.SharedSecret;
import org.jspecify.annotations.Nullable;

/**
 * Whole messages over one connection that never blocks: length, message, and once it is sealed an HMAC. Used by one
 * thread.
 */
final class FramedSocket implements AutoCloseable {
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int WAITING_BYTES_MAX = 64 * 1024 * 1024;
    private static final String TO_HOST = "rendezvous, rank to host";
    private static final String TO_RANK = "rendezvous, host to rank";

    private final SocketChannel channel;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
    private byte[] memory;
    private ByteBuffer in;
    private int messageMax;
    private int waitingBytes;
    private long sent;
    private long received;
    private @Nullable FrameSeal outSeal;
    private @Nullable FrameSeal inSeal;

    /** Takes over a channel that does not block. */
    FramedSocket(SocketChannel channel) {
        this.channel = channel;
        messageMax = MessageCodec.SHORT_MESSAGE_MAX;
        memory = allocate(messageMax);
        in = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] allocate(int messageMax) {
        return new byte[LENGTH_BYTES + messageMax + FrameSeal.TAG_LENGTH];
    }

    SocketChannel channel() {
        return channel;
    }

    /** From now on messages of any kind may come. */
    void acceptAll() {
        messageMax = MessageCodec.MESSAGE_MAX;
        memory = allocate(messageMax);
        in.flip();
        in = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).put(in);
    }

    /**
     * From now on every frame has an HMAC, under keys of the secret and of both nonces.
     *
     * @param isHost which side this is
     */
    void seal(SharedSecret secret, byte[] nonceOfRank, byte[] nonceOfHost, boolean isHost) {
        byte[] salt = Arrays.copyOf(nonceOfRank, nonceOfRank.length + nonceOfHost.length);
        System.arraycopy(nonceOfHost, 0, salt, nonceOfRank.length, nonceOfHost.length);
        DerivedKeys keys = secret.keys(salt);
        outSeal = keys.seal(isHost ? TO_RANK : TO_HOST);
        inSeal = keys.seal(isHost ? TO_HOST : TO_RANK);
    }

    /** Puts a message behind those that wait; it goes with {@link #flush}. */
    void send(Message message) throws IOException {
        byte[] bytes = MessageCodec.encode(message);
        FrameSeal seal = outSeal;
        int length = bytes.length + (seal == null ? 0 : FrameSeal.TAG_LENGTH);
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(length).put(bytes);
        if (seal != null) {
            seal.seal(sent++, bytes, 0, bytes.length, frame.array(), frame.position());
        }
        waitingBytes += frame.capacity();
        if (waitingBytes > WAITING_BYTES_MAX) {
            throw new IOException("the other side does not read; " + waitingBytes + " bytes wait for it");
        }
        waiting.add(frame.rewind());
    }

    /** Gives the system what it takes now; true when nothing waits any more. */
    boolean flush() throws IOException {
        while (!waiting.isEmpty()) {
            ByteBuffer frame = waiting.element();
            channel.write(frame);
            if (frame.hasRemaining()) {
                return false;
            }
            waitingBytes -= frame.capacity();
            waiting.remove();
        }
        return true;
    }

    /**
     * The next message that is here whole; null when there is none yet.
     *
     * @throws EOFException when the other side has closed
     * @throws MalformedMessageException when what came is no message, a {@link ForgedMessageException} when its HMAC is wrong
     */
    @Nullable
    Message poll() throws IOException {
        Message message = take();
        if (message != null) {
            return message;
        }
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("the connection was closed");
        }
        return count == 0 ? null : take();
    }

    private @Nullable Message take() throws IOException {
        if (in.position() < LENGTH_BYTES) {
            return null;
        }
        int tag = inSeal == null ? 0 : FrameSeal.TAG_LENGTH;
        int length = in.getInt(0);
        if (length <= tag || length > messageMax + tag) {
            throw new MalformedMessageException(
                    "a frame of " + length + " bytes came (expected: " + (tag + 1) + " to " + (messageMax + tag) + ")");
        }
        if (in.position() < LENGTH_BYTES + length) {
            return null;
        }
        byte[] bytes = Arrays.copyOfRange(memory, LENGTH_BYTES, LENGTH_BYTES + length - tag);
        if (inSeal != null
                && !inSeal.isSealed(received++, bytes, 0, bytes.length, memory, LENGTH_BYTES + bytes.length)) {
            throw new ForgedMessageException();
        }
        in.flip().position(LENGTH_BYTES + length);
        in.compact();
        return MessageCodec.decode(bytes);
    }

    /** Reads what comes and forgets it; false when the other side has closed. */
    boolean discard() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.clear();
        return count >= 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the system has no connection to close any more
        }
    }
}
