package org.dl4jscape.aeron.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.dl4jscape.aeron.wire.OperationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboundTest {
    private static final int CHUNK = 100;
    private static final long SEED = 31;

    private final Inbound inbound = new Inbound(CHUNK);

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 6_400, 6_401, 65_537})
    void shouldPutChunksTogetherInWhateverOrderTheyCome(int length) {
        byte[] content = content(length);
        List<Integer> positions = positions(length);
        Collections.shuffle(positions, new Random(SEED));
        begin(length);
        BitSet came = new BitSet();
        for (int i = 0; i < positions.size(); i++) {
            assertEquals(Math.min(length, CHUNK * came.nextClearBit(0)), inbound.arrived(), "without a gap");
            assertFalse(inbound.isComplete());
            came.set(positions.get(i) / CHUNK);
            Inbound.Chunk expected = i == positions.size() - 1 ? Inbound.Chunk.COMPLETED : Inbound.Chunk.ADDED;
            assertEquals(expected, add(content, positions.get(i)), "seed " + SEED + ", chunk " + i);
        }
        assertArrayEquals(content, Arrays.copyOf(inbound.bytes, length));
        assertEquals(length, inbound.arrived());
        assertTrue(inbound.isComplete());
    }

    @Test
    void shouldIgnoreAChunkThatComesTwice() {
        byte[] content = content(250);
        begin(250);
        assertEquals(Inbound.Chunk.ADDED, add(content, 100));
        assertEquals(Inbound.Chunk.DUPLICATE, add(content, 100));
        assertEquals(Inbound.Chunk.ADDED, add(content, 0));
        assertEquals(Inbound.Chunk.DUPLICATE, add(content, 0));
        assertEquals(Inbound.Chunk.COMPLETED, add(content, 200));
    }

    @Test
    void shouldCompleteAnEmptyContributionWithOneEmptyChunk() {
        begin(0);
        assertFalse(inbound.isComplete());
        assertEquals(Inbound.Chunk.COMPLETED, inbound.add(0, 0, new UnsafeBuffer(new byte[8]), 0, 0));
        assertTrue(inbound.isComplete());
        assertEquals(0, inbound.arrived());
    }

    @Test
    void shouldForgetTheContributionBefore() {
        begin(150);
        add(content(150), 0);
        begin(150);
        assertEquals(0, inbound.arrived());
        assertEquals(Inbound.Chunk.ADDED, add(content(150), 0));
        assertEquals(Inbound.Chunk.COMPLETED, add(content(150), 100));
    }

    @Test
    void shouldRefuseChunksThatContradictTheFirst() {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[CHUNK]);
        begin(250);
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(0, 251, bytes, 0, CHUNK), "another total length");
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(50, 250, bytes, 0, CHUNK), "not at a chunk's place");
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(300, 250, bytes, 0, 0), "behind the end");
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(-100, 250, bytes, 0, CHUNK), "before the start");
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(200, 250, bytes, 0, CHUNK), "longer than the rest");
        assertEquals(Inbound.Chunk.MALFORMED, inbound.add(0, 250, bytes, 0, 99), "shorter than a chunk");
    }

    private void begin(int length) {
        inbound.begin(1, 7, OperationKind.ALL_GATHER, 0, length);
    }

    private Inbound.Chunk add(byte[] content, int position) {
        int length = Math.min(CHUNK, content.length - position);
        return inbound.add(position, content.length, new UnsafeBuffer(content), position, length);
    }

    private static List<Integer> positions(int length) {
        List<Integer> positions = new ArrayList<>();
        for (int position = 0; position < length; position += CHUNK) {
            positions.add(position);
        }
        return positions;
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(SEED).nextBytes(content);
        return content;
    }
}
