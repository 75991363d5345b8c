package org.dl4jscape.core.mask;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no mask end in a {@link MaskFormatException}, cost no memory and touch nothing. */
class MaskRejectionTest {
    private static final int DOMAIN = (1 << 16) + 900;

    private final MaskCodec codec = new MaskCodec();

    private static byte[] encoded(double density) {
        int[] mask = Masks.random(7, DOMAIN, density);
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(DOMAIN)];
        int end = new MaskCodec().encode(mask, 0, mask.length, DOMAIN, bytes, 0);
        return Arrays.copyOf(bytes, end);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0005, 0.003, 0.4, 1})
    void shouldRefuseEveryTruncation(double density) {
        byte[] good = encoded(density);
        int[] positions = new int[DOMAIN];
        int step = Math.max(1, good.length / 500);
        for (int length = 0; length < good.length; length += length < 40 ? 1 : step) {
            byte[] bad = Arrays.copyOf(good, length);
            int end = length;
            assertThrows(MaskFormatException.class, () -> codec.decode(bad, 0, end, DOMAIN, positions, 0), "" + length);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0005, 0.003, 0.4, 1})
    void shouldRefuseBytesBehindTheMask(double density) {
        byte[] good = encoded(density);
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        var failure = assertThrows(
                MaskFormatException.class, () -> codec.decode(longer, 0, longer.length, DOMAIN, new int[DOMAIN], 0));
        assertTrue(String.valueOf(failure.getMessage()).contains("left over"), failure.getMessage());
    }

    /** A flipped bit may give another valid mask, since sums are the transport's; it must never give anything else. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0005, 0.003, 0.4, 1})
    void shouldMakeAValidMaskOrNoneOfFlippedBits(double density) {
        byte[] good = encoded(density);
        int[] positions = new int[DOMAIN];
        int step = Math.max(1, 8 * good.length / 300);
        int refused = 0;
        for (int bit = 0; bit < 8 * good.length; bit += bit < 100 ? 1 : step) {
            byte[] bad = good.clone();
            bad[bit >>> 3] ^= (byte) (1 << (bit & 7));
            refused += decodesToAMaskOrNothing(bad, positions) ? 0 : 1;
        }
        assertTrue(refused > 0, "flipping a header must be noticed");
    }

    @Test
    void shouldMakeAValidMaskOrNoneOfGarbage() {
        int[] positions = new int[DOMAIN];
        qt().forAll(longs().all(), integers().between(0, 400)).check((seed, length) -> {
            byte[] garbage = new byte[length];
            new Random(seed).nextBytes(garbage);
            if (length > 0) {
                garbage[0] = (byte) (garbage[0] & 0xfc | Math.abs(seed % 5));
            }
            decodesToAMaskOrNothing(garbage, positions);
            return true;
        });
    }

    private boolean decodesToAMaskOrNothing(byte[] bytes, int[] positions) {
        int count;
        try {
            count = codec.decode(bytes, 0, bytes.length, DOMAIN, positions, 0);
        } catch (MaskFormatException expected) {
            return false;
        }
        for (int j = 0; j < count; j++) {
            boolean ascending = j == 0 || positions[j - 1] < positions[j];
            int position = positions[j];
            assertTrue(ascending && position >= 0 && position < DOMAIN, () -> "position " + position);
        }
        return true;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, an empty block has count 1",
        "1, 5, a full block of 100 has count 5",
        "1, 101, count 101 is too large",
        "3, 16777215, count 16777215 is too large",
        "5, 1, unknown form 5",
        "6, 0, unknown form 6",
        "7, 0, unknown form 7",
        "2, 3, 0 bits for the count 3",
        "3, 2, offset 0 after 0",
        "252, 1, Rice parameter 31",
        "140, 1, Rice parameter 17"
    })
    void shouldSayWhatIsWrongWithAHeader(int form, int count, String message) {
        byte[] bytes = new byte[4 + 13];
        bytes[0] = (byte) form;
        bytes[1] = (byte) count;
        bytes[2] = (byte) (count >>> 8);
        bytes[3] = (byte) (count >>> 16);
        var failure = assertThrows(
                MaskFormatException.class, () -> codec.decode(bytes, 0, bytes.length, 100, new int[100], 0));
        assertTrue(String.valueOf(failure.getMessage()).contains(message), failure.getMessage());
    }

    @Test
    void shouldRefuseOffsetsBeyondTheBlockAndBitsBeyondTheCount() {
        byte[] offset = {3, 1, 0, 0, 100, 0};
        byte[] bits = {2, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] padding = {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80};
        byte[] unary = {4, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        byte[] far = {(byte) (4 | 16 << 3), 1, 0, 0, -1, -1, -1};
        for (byte[] bad : new byte[][] {offset, bits, padding, unary, far}) {
            assertThrows(
                    MaskFormatException.class,
                    () -> codec.decode(bad, 0, bad.length, 100, new int[100], 0),
                    Arrays.toString(bad));
        }
    }

    @Test
    void shouldRefuseAMaskThatDoesNotFitItsReceiver() {
        byte[] good = encoded(0.003);
        assertThrows(MaskFormatException.class, () -> codec.decode(good, 0, good.length, DOMAIN, new int[20], 0));
        assertThrows(
                MaskFormatException.class, () -> codec.decode(good, 0, good.length, DOMAIN, new int[DOMAIN], DOMAIN));
    }

    @Test
    void shouldTakeNoMemoryForAbsurdCounts() {
        byte[] absurd = {3, -1, -1, -1, 0, 0};
        int[] positions = new int[100];
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int warmup = 0; warmup < 20; warmup++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThrows(MaskFormatException.class, () -> codec.decode(absurd, 0, 6, 100, positions, 0));
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < 20_000, "a refusal allocated " + allocated + " bytes");
        assertEquals(0, positions[0]);
    }
}
