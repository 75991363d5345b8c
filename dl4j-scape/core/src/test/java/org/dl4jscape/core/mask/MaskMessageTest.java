package org.dl4jscape.core.mask;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The mask of one shard on its way to other ranks. */
class MaskMessageTest {
    private static final List<WirePrecision> NOISE = List.of(WirePrecision.FP32, WirePrecision.BF16);

    @Test
    void shouldBringGlobalIndicesOfAllRanksAndTheirNoise() {
        qt().withExamples(150)
                .forAll(
                        longs().all(),
                        integers().between(1, 900),
                        integers().between(1, 5),
                        doubles().between(0, 1))
                .check((seed, length, worldSize, density) -> {
                    ShardLayout layout = new ShardLayout(Layouts.random(seed, length), worldSize);
                    checkRoundTrip(layout, seed, density, null);
                    checkRoundTrip(layout, seed, density, NOISE.get((int) Math.floorMod(seed, 2L)));
                    return true;
                });
    }

    private static void checkRoundTrip(
            ShardLayout layout, long seed, double density, @Nullable WirePrecision precision) {
        MaskMessage sender = new MaskMessage(layout, precision);
        MaskMessage receiver = new MaskMessage(layout, precision);
        Mask mask = new Mask(layout.worldSize());
        for (int rank = 0; rank < layout.worldSize(); rank++) {
            int[] sent = indices(layout, rank, seed, density);
            float[] noise = noise(sent);
            int bytes = sender.encode(rank, sent, sent.length, noise);
            byte[] wire = new byte[bytes + 9];
            System.arraycopy(sender.bytes(), 0, wire, 9, bytes);
            receiver.decode(wire, 9, bytes, mask, rank);
            int[] received = Arrays.copyOfRange(mask.indices(), mask.start(rank), mask.end(rank));
            assertEquals(Arrays.toString(sent), Arrays.toString(received));
            if (precision != null) {
                ValueCodec.of(precision).round(noise, 0, noise.length);
                assertEquals(
                        Arrays.toString(noise),
                        Arrays.toString(Arrays.copyOfRange(mask.noise(), mask.start(rank), mask.end(rank))));
            }
        }
    }

    private static int[] indices(ShardLayout layout, int rank, long seed, double density) {
        int[] local = Masks.random(seed + rank, layout.shardLength(rank), density);
        int[] global = new int[local.length];
        for (Piece piece : layout.pieces(rank)) {
            for (int j = 0; j < local.length; j++) {
                int index = local[j] + piece.shift();
                boolean inPiece =
                        index >= piece.range().start() && index < piece.range().end();
                global[j] = inPiece ? index : global[j];
            }
        }
        return global;
    }

    private static float[] noise(int[] indices) {
        float[] noise = new float[indices.length];
        for (int j = 0; j < noise.length; j++) {
            noise[j] = 1 / (1f + indices[j]);
        }
        return noise;
    }

    @Test
    void shouldRefuseWhatIsCutOrTooLong() {
        ShardLayout layout = new ShardLayout(Layouts.ofAllRoles(50, 4), 2);
        for (@Nullable WirePrecision precision : new @Nullable WirePrecision[] {null, WirePrecision.FP32}) {
            MaskMessage message = new MaskMessage(layout, precision);
            int[] indices = {3, 50, 99};
            int length = message.encode(0, indices, 3, new float[] {1, 2, 3});
            byte[] good = Arrays.copyOf(message.bytes(), length + 40);
            for (int cut = 0; cut < length; cut++) {
                int shorter = cut;
                assertThrows(
                        MaskFormatException.class,
                        () -> message.decode(good, 0, shorter, new Mask(2), 0),
                        precision + " cut to " + cut);
            }
            var failure =
                    assertThrows(MaskFormatException.class, () -> message.decode(good, 0, length + 1, new Mask(2), 0));
            assertTrue(String.valueOf(failure.getMessage()).contains("bytes after the mask"), failure.getMessage());
        }
    }

    @Test
    void shouldRefuseForgedLengthsAndTheMaskOfALargerShard() {
        ShardLayout layout = new ShardLayout(Layouts.ofAllRoles(50, 4), 2);
        ShardLayout larger = new ShardLayout(Layouts.ofAllRoles(500, 4), 2);
        MaskMessage message = new MaskMessage(layout, null);
        for (int forged : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 30}) {
            byte[] bytes = new byte[20];
            bytes[0] = (byte) forged;
            bytes[1] = (byte) (forged >>> 8);
            bytes[2] = (byte) (forged >>> 16);
            bytes[3] = (byte) (forged >>> 24);
            assertThrows(MaskFormatException.class, () -> message.decode(bytes, 0, 20, new Mask(2), 0), "" + forged);
        }
        MaskMessage other = new MaskMessage(larger, null);
        int length = other.encode(0, new int[] {3, 99, 800}, 3, new float[3]);
        assertThrows(MaskFormatException.class, () -> message.decode(other.bytes(), 0, length, new Mask(2), 0));
    }
}
