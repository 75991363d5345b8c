package org.dl4jscape.aeron.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames between two sockets of the loopback interface. */
class FramedChannelTest {
    private static final int LONGEST = 2000;
    private static final int LIMIT_MS = 20_000;
    private static final int MESSAGES = 1500;
    private static final long SEED = 5;

    private final List<byte[]> taken = new ArrayList<>();
    private SocketChannel raw;
    private FramedChannel left;
    private FramedChannel right;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            raw = SocketChannel.open(server.getLocalAddress());
            left = new FramedChannel(raw, LONGEST, 32_768);
            right = new FramedChannel(server.accept(), LONGEST, 32_768);
        }
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @Test
    void shouldDeliverMessagesWholeAndInOrderWhateverTheSocketTakes() throws Exception {
        Random random = new Random(SEED);
        List<byte[]> sent = new ArrayList<>();
        int next = 0;
        for (int turn = 0; taken.size() < MESSAGES; turn++) {
            assertTrue(turn < 100_000_000, "stuck with " + taken.size() + " messages, seed " + SEED);
            if (sent.size() < MESSAGES && next == sent.size()) {
                byte[] message = new byte[1 + random.nextInt(LONGEST)];
                random.nextBytes(message);
                sent.add(message);
            }
            if (next < sent.size() && left.claim(sent.get(next).length)) {
                left.outgoing().putBytes(left.offset(), sent.get(next));
                left.commit();
                next++;
            }
            if (turn % 5 == 0) {
                left.flush();
                right.poll(this::take, random.nextInt(20));
            }
        }
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(sent.get(i), taken.get(i), "message " + i + ", seed " + SEED);
        }
    }

    @Test
    void shouldHoldAMessageBackUntilItIsTaken() throws Exception {
        write(frame(new byte[] {1}, 0), frame(new byte[] {2}, 0));
        int[] refused = {0};
        for (int waited = 0; refused[0] == 0 && waited < LIMIT_MS; waited++) {
            assertEquals(0, right.poll((buffer, offset, length) -> refused[0]++ < 0, 10));
            Thread.sleep(1);
        }
        assertTrue(refused[0] > 0);
        await(2);
        assertArrayEquals(new byte[] {1}, taken.get(0));
        assertArrayEquals(new byte[] {2}, taken.get(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, LONGEST + 1, Integer.MAX_VALUE})
    void shouldRefuseALengthThatCannotBe(int length) throws Exception {
        write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .putInt(0));
        assertTrue(failure().getMessage().contains("a frame of " + length + " bytes came (expected: 1 to 2000)"));
        assertTrue(taken.isEmpty());
    }

    @Test
    void shouldRefuseAFrameWithOneFlippedBitBehindGoodOnes() throws Exception {
        write(frame(new byte[100], 0), frame(new byte[100], 4));
        assertTrue(failure().getMessage().contains("a frame of 100 bytes had a wrong checksum"));
        assertEquals(1, taken.size());
    }

    @Test
    void shouldNoticeTheEndBehindTheLastMessageAndDropHalfAFrame() throws Exception {
        ByteBuffer half = frame(new byte[100], 0);
        half.position(50);
        write(frame(new byte[10], 0), half);
        raw.close();
        IOException end = null;
        for (int waited = 0; end == null && waited < LIMIT_MS; waited++) {
            try {
                right.poll(this::take, 10);
                Thread.sleep(1);
            } catch (EOFException e) {
                end = e;
            }
        }
        assertTrue(end != null, "the end was not noticed");
        assertEquals(1, taken.size());
    }

    @Test
    void shouldNotMakeRoomWhereThePeerTakesNothing() throws Exception {
        int claims = 0;
        while (left.claim(LONGEST)) {
            left.commit();
            left.flush();
            assertTrue(claims++ < 100_000, "the system took everything");
        }
        assertFalse(left.isFlushed());
        await(1);
        for (int waited = 0; !left.claim(LONGEST) && waited < LIMIT_MS; waited++) {
            right.poll(this::take, 10);
            Thread.sleep(1);
        }
        assertTrue(left.claim(LONGEST));
    }

    private boolean take(DirectBuffer buffer, int offset, int length) {
        byte[] copy = new byte[length];
        buffer.getBytes(offset, copy);
        taken.add(copy);
        return true;
    }

    private void await(int messages) throws Exception {
        for (int waited = 0; taken.size() < messages && waited < LIMIT_MS; waited++) {
            right.poll(this::take, 1);
            Thread.sleep(1);
        }
        assertTrue(taken.size() >= messages);
    }

    private CorruptFrameException failure() {
        return assertThrows(CorruptFrameException.class, () -> {
            for (int waited = 0; waited < LIMIT_MS; waited++) {
                right.poll(this::take, 10);
                Thread.sleep(1);
            }
        });
    }

    private void write(ByteBuffer... frames) throws IOException {
        for (ByteBuffer frame : frames) {
            frame.flip();
            while (frame.hasRemaining()) {
                raw.write(frame);
            }
        }
    }

    /** A frame as it stands on the wire, with some bits of its last byte flipped after the checksum was taken. */
    private static ByteBuffer frame(byte[] message, int flipped) {
        CRC32C checksum = new CRC32C();
        checksum.update(message);
        ByteBuffer frame = ByteBuffer.allocate(8 + message.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(message.length).putInt((int) checksum.getValue()).put(message);
        frame.put(frame.position() - 1, (byte) (message[message.length - 1] ^ flipped));
        return frame;
    }
}
