package org.dl4jscape.core.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Rice form is read through a window of many bits; these masks put its seams everywhere. */
class RiceReadingTest {
    private static final int BLOCK = 1 << 16;
    private static final long SEED = 20250516;

    private final MaskCodec codec = new MaskCodec();

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.1, 0.01, 0.001, 0.0001})
    void shouldReadWhatWasWrittenAtAnyDensityAndPlace(double density) {
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            int domain = 1 + random.nextInt(2 * BLOCK);
            int[] positions = random.ints(0, domain)
                    .limit((int) (density * domain))
                    .sorted()
                    .distinct()
                    .toArray();
            shouldRoundTrip(positions, domain, random.nextInt(9), "round " + round + " seed " + SEED);
        }
    }

    @Test
    void shouldReadUnaryPartsLongerThanAWindow() {
        // Dense at first, so that the parameter is small; then one gap of nearly the whole block.
        int dense = 9000;
        int[] positions = new int[dense + 1];
        for (int j = 0; j < dense; j++) {
            positions[j] = j;
        }
        for (int last = BLOCK - 200; last < BLOCK; last++) {
            positions[dense] = last;
            shouldRoundTrip(positions, BLOCK, 3, "last position " + last);
        }
    }

    private void shouldRoundTrip(int[] positions, int domain, int at, String where) {
        byte[] bytes = new byte[at + MaskCodec.maxEncodedBytes(domain)];
        int end = codec.encode(positions, 0, positions.length, domain, bytes, at);
        int[] read = new int[positions.length];
        // Without a byte to spare behind it, as at the end of a message.
        assertEquals(positions.length, codec.decode(Arrays.copyOf(bytes, end), at, end, domain, read, 0), where);
        assertArrayEquals(positions, read, where);
    }

    @Test
    void shouldRefuseAnyTruncation() {
        int[] positions =
                new Random(SEED).ints(0, BLOCK).limit(700).sorted().distinct().toArray();
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(BLOCK)];
        int end = codec.encode(positions, 0, positions.length, BLOCK, bytes, 0);
        Arrays.fill(bytes, end, bytes.length, (byte) 0xff);
        int[] read = new int[positions.length];
        for (int shorter = 0; shorter < end; shorter++) {
            int cut = shorter;
            assertThrows(MaskFormatException.class, () -> codec.decode(bytes, 0, cut, BLOCK, read, 0), "cut at " + cut);
        }
    }
}
