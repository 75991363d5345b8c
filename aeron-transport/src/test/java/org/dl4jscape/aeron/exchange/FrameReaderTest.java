package org.dl4jscape.aeron.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.dl4jscape.aeron.wire.AbortEncoder;
import org.dl4jscape.aeron.wire.LeaveEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.aeron.wire.OperationKind;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.RankAbortedException;
import org.junit.jupiter.api.Test;

/** Frames of rank 1 as rank 0 of generation 4 takes them in, without a network. */
class FrameReaderTest {
    private static final int MESSAGE_LENGTH = 1376;
    private static final int GENERATION = 4;
    private static final int BUDGET = 2000;
    private static final int LONGEST = 100_000;

    private final ExchangeLink link = new ExchangeLink(2);
    private final CountedBytes counters = new CountedBytes();
    private final ReceiveBudget budget = new ReceiveBudget(link, BUDGET);
    private final DroppedFrames dropped = new DroppedFrames();
    private final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final Peer peer = new Peer(1, new MemoryRoute(MESSAGE_LENGTH));
    private final FrameReader reader =
            new FrameReader(new ProcessGroup(0, 2, GENERATION), peer, link, counters, budget, LONGEST, dropped);

    @Test
    void shouldHandOverAContributionWithItsFirstChunkAndCompleteItWithItsLast() {
        int chunk = MessageWriter.chunkLength(MESSAGE_LENGTH);
        byte[] bytes = new byte[chunk + 3];
        Arrays.fill(bytes, (byte) 9);
        link.started(0);
        assertTrue(chunk(GENERATION, 1, 0, bytes, 0, chunk));
        Inbound inbound = assertInstanceOf(Inbound.class, link.events.poll());
        assertEquals(chunk, inbound.arrived());
        assertFalse(inbound.isComplete());
        assertTrue(chunk(GENERATION, 1, 0, bytes, chunk, 3));
        assertNull(link.events.poll());
        assertTrue(inbound.isComplete());
        assertEquals(bytes.length, inbound.arrived());
        assertEquals(0, inbound.sequence);
        assertEquals(OperationKind.ALL_GATHER, inbound.kind);
        assertEquals(55, inbound.signature);
        assertArrayEquals(bytes, Arrays.copyOf(inbound.bytes, inbound.length));
        assertEquals(0, dropped.total());
        assertTrue(counters.bytesReceived(PayloadKind.VALUES) > bytes.length);
    }

    @Test
    void shouldIgnoreAndCountOtherGenerationsRanksAndDuplicates() {
        link.started(0);
        chunk(GENERATION - 1, 1, 0, new byte[4], 0, 4);
        chunk(GENERATION + 1, 1, 0, new byte[4], 0, 4);
        chunk(GENERATION, 0, 0, new byte[4], 0, 4);
        assertTrue(link.events.isEmpty());
        assertEquals(3, dropped.total());
        chunk(GENERATION, 1, 0, new byte[4], 0, 4);
        chunk(GENERATION, 1, 0, new byte[4], 0, 4);
        assertEquals(1, link.events.size());
        assertEquals(4, dropped.total());
    }

    @Test
    void shouldIgnoreWhatIsNotOfThisSchema() {
        header.wrap(frame, 0).blockLength(6).templateId(2).schemaId(1).version(1);
        assertTrue(read(14));
        assertTrue(read(3));
        header.wrap(frame, 0).blockLength(6).templateId(99).schemaId(21326).version(1);
        assertTrue(read(14));
        header.wrap(frame, 0).blockLength(6).templateId(2).schemaId(21326).version(2);
        assertTrue(read(14));
        assertEquals(4, dropped.total());
        assertFalse(peer.heard);
    }

    @Test
    void shouldHoldBackOperationsToComeBeyondTheBudgetUntilTheyBegin() {
        link.started(0);
        assertTrue(chunk(GENERATION, 1, 1, new byte[1200], 0, 1200));
        assertFalse(chunk(GENERATION, 1, 2, new byte[1200], 0, 1200));
        assertTrue(peer.heldBack);
        link.started(2);
        assertTrue(chunk(GENERATION, 1, 2, new byte[1200], 0, 1200));
        assertEquals(2, link.events.size());
    }

    @Test
    void shouldNotBelieveALengthAboveTheLimit() {
        link.started(0);
        int chunk = MessageWriter.chunkLength(MESSAGE_LENGTH);
        byte[] bytes = new byte[LONGEST + 1];
        assertTrue(chunk(GENERATION, 1, 0, bytes, 0, chunk));
        assertEquals(1, dropped.total());
        assertTrue(peer.incoming.isEmpty());
    }

    @Test
    void shouldFailWithTheReasonOfAnAbort() {
        AbortEncoder abort = new AbortEncoder()
                .wrapAndApplyHeader(frame, 0, header)
                .generation(GENERATION)
                .rank(1)
                .reason("disk full");
        read(MessageHeaderEncoder.ENCODED_LENGTH + abort.encodedLength());
        Failure failure = link.failure();
        assertNotNull(failure);
        RankAbortedException thrown =
                assertInstanceOf(RankAbortedException.class, failure.toException("barrier (operation 7)"));
        assertEquals(1, thrown.abortedRank());
        assertEquals("rank 1 aborted: disk full", thrown.getMessage());
    }

    @Test
    void shouldKnowWhoHasLeft() {
        LeaveEncoder leave = new LeaveEncoder()
                .wrapAndApplyHeader(frame, 0, header)
                .generation(GENERATION)
                .rank(1)
                .lastSequence(-1);
        read(MessageHeaderEncoder.ENCODED_LENGTH + leave.encodedLength());
        assertTrue(link.hasLeft(1));
        assertTrue(peer.owesLeaveSeen);
    }

    private boolean chunk(int generation, int rank, long sequence, byte[] bytes, int position, int length) {
        return read(new ChunkFrames(frame).write(generation, rank, sequence, bytes, position, length));
    }

    private boolean read(int length) {
        return reader.onFrame(frame, 0, length);
    }
}
