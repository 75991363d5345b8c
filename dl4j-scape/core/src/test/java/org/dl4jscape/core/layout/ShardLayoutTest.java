package org.dl4jscape.core.layout;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardLayoutTest {
    @Test
    void shouldCutTheBucketOfThePackageDescription() {
        ShardLayout layout = new ShardLayout(ParameterLayout.uniform(16, AdamSConfig.defaults()), 3);
        assertEquals(
                List.of(new IndexRange(0, 6), new IndexRange(6, 12), new IndexRange(12, 16)),
                List.of(range(layout, 0), range(layout, 1), range(layout, 2)));
    }

    private static IndexRange range(ShardLayout layout, int rank) {
        return layout.pieces(rank).get(0).range();
    }

    @Test
    void shouldGiveEveryParameterToExactlyOneRank() {
        qt().forAll(longs().all(), integers().between(0, 500), integers().between(1, 12))
                .check((seed, length, worldSize) -> {
                    checkPartition(new ShardLayout(Layouts.random(seed, length), worldSize), length);
                    return true;
                });
    }

    private static void checkPartition(ShardLayout layout, int length) {
        int[] owners = new int[length];
        int[] blocks = new int[length];
        Arrays.fill(owners, -1);
        Arrays.fill(blocks, -1);
        for (int rank = 0; rank < layout.worldSize(); rank++) {
            int local = 0;
            assertEquals(layout.parameters().bucketCount(), layout.pieces(rank).size());
            for (Piece piece : layout.pieces(rank)) {
                assertEquals(local, piece.localStart(), "pieces follow each other in the shard");
                for (int i = piece.range().start(); i < piece.range().end(); i++) {
                    assertEquals(-1, owners[i], "owner of " + i);
                    owners[i] = rank;
                    assertEquals(local++, i - piece.shift());
                }
            }
            assertEquals(local, layout.shardLength(rank));
            for (Segment segment : layout.segments(rank)) {
                assertTrue(segment.range().length() > 0);
                for (int i = segment.range().start(); i < segment.range().end(); i++) {
                    assertEquals(-1, blocks[i], "block of " + i);
                    blocks[i] = segment.block();
                    assertEquals(rank, owners[i], "a segment lies in its owner's piece");
                }
            }
        }
        int trainable = 0;
        for (int i = 0; i < length; i++) {
            assertTrue(owners[i] >= 0, "nobody owns " + i);
            ParameterBlock block = layout.parameters().blocks().get(blocks[i]);
            assertTrue(block.range().start() <= i && i < block.range().end());
            trainable += block.role() == BlockRole.FROZEN ? 0 : 1;
        }
        assertEquals(trainable, layout.trainableLength());
    }

    @Test
    void shouldCutPiecesOfEqualLengthButTheLast() {
        qt().forAll(integers().between(0, 5000), integers().between(1, 40)).check((length, worldSize) -> {
            ShardLayout layout = new ShardLayout(ParameterLayout.uniform(length, AdamSConfig.defaults()), worldSize);
            int piece = (length + worldSize - 1) / worldSize;
            for (int rank = 0; rank < worldSize; rank++) {
                int expected = Math.max(0, Math.min(piece, length - rank * piece));
                if (layout.shardLength(rank) != expected) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void shouldCutTheLargestVectorWithoutOverflow() {
        int length = Integer.MAX_VALUE - 8;
        ShardLayout layout = new ShardLayout(ParameterLayout.uniform(length, AdamSConfig.defaults()), 7);
        long sum = 0;
        for (int rank = 0; rank < 7; rank++) {
            sum += layout.shardLength(rank);
        }
        assertEquals(length, sum);
        assertEquals(length, layout.pieces(6).get(0).range().end());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void shouldRefuseAWorldWithoutRanks(int worldSize) {
        ParameterLayout parameters = ParameterLayout.uniform(10, AdamSConfig.defaults());
        var refused = assertThrows(IllegalArgumentException.class, () -> new ShardLayout(parameters, worldSize));
        assertEquals("worldSize=" + worldSize + " (expected: >= 1)", refused.getMessage());
    }
}
