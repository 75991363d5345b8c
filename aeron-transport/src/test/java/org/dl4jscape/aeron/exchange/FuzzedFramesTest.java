package org.dl4jscape.aeron.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.dl4jscape.aeron.wire.AbortEncoder;
import org.dl4jscape.aeron.wire.HeartbeatEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged and forged frames: none makes the reader throw, none takes memory without limit, none changes a number. */
class FuzzedFramesTest {
    private static final long SEED = 20_260;
    private static final int FRAMES = 100_000;
    private static final int MESSAGE_LENGTH = 480;
    private static final int BUDGET = 20_000;
    private static final int LONGEST = 4_000;
    private static final int STARTED = 3;

    private final Random random = new Random(SEED);
    private final ExchangeLink link = new ExchangeLink(2);
    private final ReceiveBudget budget = new ReceiveBudget(link, BUDGET);
    private final DroppedFrames dropped = new DroppedFrames();
    private final Peer peer = new Peer(1, new MemoryRoute(MESSAGE_LENGTH));
    private final FrameReader reader =
            new FrameReader(ProcessGroup.of(0, 2), peer, link, new CountedBytes(), budget, LONGEST, dropped);
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * MESSAGE_LENGTH));
    private final List<Inbound> begun = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FrameChecksum checksum = new FrameChecksum();

    @Test
    void shouldSurviveFramesWhoseChecksumFitsWhateverTheyHold() {
        survive(FRAMES);
    }

    @Test
    @Tag("slow")
    void shouldSurviveAMillionFramesWhoseChecksumFits() {
        survive(10 * FRAMES);
    }

    private void survive(int frames) {
        link.started(STARTED);
        for (int i = 0; i < frames; i++) {
            int length = damage(genuine(i));
            try {
                reader.onFrame(frame, 0, length);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + ", frame " + i, e);
            }
            assertTrue(budget.heldBytes() <= BUDGET + (STARTED + 1L) * LONGEST, "seed " + SEED + ", frame " + i);
            takeEvents();
        }
        for (DropReason reason : DropReason.values()) {
            boolean byTheMedium = reason == DropReason.CHECKSUM || reason == DropReason.SOURCE;
            assertEquals(byTheMedium, dropped.of(reason) == 0, "seed " + SEED + ", dropped " + dropped);
        }
    }

    @Test
    void shouldFindEveryDamageByTheChecksumAndKeepTheNumbers() {
        byte[] content = new byte[MessageWriter.chunkLength(MESSAGE_LENGTH)];
        random.nextBytes(content);
        link.started(0);
        int length = chunk(0, content, 0, content.length);
        long sum = checksum.of(frame, 0, length);
        byte[] sent = new byte[length];
        frame.getBytes(0, sent);
        for (int i = 0; i < FRAMES; i++) {
            int damaged = damage(length);
            byte[] came = new byte[damaged];
            frame.getBytes(0, came);
            if (!Arrays.equals(sent, came)) {
                assertNotEquals(sum, checksum.of(frame, 0, damaged), "seed " + SEED + ", frame " + i);
            }
            frame.putBytes(0, sent);
        }
        reader.onFrame(frame, 0, length);
        Inbound inbound = assertInstanceOf(Inbound.class, link.events.poll());
        assertArrayEquals(content, Arrays.copyOf(inbound.bytes, inbound.length));
    }

    /** As the training thread does: what is complete goes back. */
    private void takeEvents() {
        Transfer transfer = link.events.poll();
        while (transfer != null) {
            begun.add(assertInstanceOf(Inbound.class, transfer));
            transfer = link.events.poll();
        }
        for (int i = begun.size() - 1; i >= 0; i--) {
            if (begun.get(i).isComplete()) {
                budget.giveBack(begun.get(i).length);
                peer.spare.giveBack(begun.remove(i));
            }
        }
    }

    private int genuine(int turn) {
        return switch (turn % 4) {
            case 0, 1 -> {
                int length = random.nextInt(LONGEST);
                int chunk = MessageWriter.chunkLength(MESSAGE_LENGTH);
                int position = length == 0 ? 0 : random.nextInt(length) / chunk * chunk;
                yield chunk(random.nextInt(8), new byte[length], position, Math.min(chunk, length - position));
            }
            case 2 ->
                MessageHeaderEncoder.ENCODED_LENGTH
                        + new HeartbeatEncoder()
                                .wrapAndApplyHeader(frame, 0, header)
                                .generation(0)
                                .rank(1)
                                .encodedLength();
            default ->
                MessageHeaderEncoder.ENCODED_LENGTH
                        + new AbortEncoder()
                                .wrapAndApplyHeader(frame, 0, header)
                                .generation(0)
                                .rank(1)
                                .reason("a reason")
                                .encodedLength();
        };
    }

    private int chunk(long sequence, byte[] bytes, int position, int length) {
        return new ChunkFrames(frame).write(0, 1, sequence, bytes, position, length);
    }

    /** Flips bits, most of them among the fields, overwrites bytes, or cuts; returns the length. */
    private int damage(int length) {
        int fields = Math.min(length, MessageWriter.CHUNK_HEADER_LENGTH);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(length);
            case 1 -> {
                int at = random.nextInt(length);
                frame.putByte(at, (byte) (frame.getByte(at) ^ 1 << random.nextInt(8)));
                yield length;
            }
            case 2 -> {
                frame.putByte(random.nextInt(fields), (byte) random.nextInt());
                yield length;
            }
            default -> {
                int at = random.nextInt(fields);
                frame.putByte(at, (byte) (frame.getByte(at) ^ 1 << random.nextInt(8)));
                yield length;
            }
        };
    }
}
