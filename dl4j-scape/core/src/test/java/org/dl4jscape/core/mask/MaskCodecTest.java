package org.dl4jscape.core.mask;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jscape.core.golden.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mask comes back, in the smallest of the forms, near the entropy bound. */
class MaskCodecTest {
    private static final int BLOCK = 1 << 16;
    private static final int HEADER = 4;
    private static final byte POISON = 0x5a;

    private final MaskCodec codec = new MaskCodec();

    static List<Arguments> domainsAndDensities() {
        List<Arguments> all = new ArrayList<>();
        for (int domain : new int[] {0, 1, 2, 7, 8, 9, 31, 32, 33, 4097, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 77}) {
            for (double density : new double[] {0, 0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.999, 1}) {
                all.add(Arguments.of(domain, density));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("domainsAndDensities")
    void shouldGiveBackEveryMask(int domain, double density) {
        checkRoundTrip(Masks.random(domain, domain, density), domain);
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,2", "64,32", "1000,1", "1000,999", "65536,300", "9,8"})
    void shouldGiveBackRunsAndCombs(int period, int length) {
        checkRoundTrip(Masks.runs(2 * BLOCK + 13, period, length), 2 * BLOCK + 13);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK})
    void shouldGiveBackASinglePosition(int position) {
        checkRoundTrip(new int[] {position}, 5 * BLOCK + 1);
    }

    @Test
    void shouldGiveBackMasksOfAnyDensity() {
        qt().withExamples(100)
                .forAll(
                        longs().all(),
                        integers().between(0, BLOCK + 5000),
                        doubles().between(0, 1),
                        integers().between(0, 3))
                .check((seed, domain, density, power) -> {
                    checkRoundTrip(Masks.random(seed, domain, Math.pow(density, 1 + power)), domain);
                    return true;
                });
    }

    /** Offsets on both sides; nothing written before, behind the returned end, or beyond the bound. */
    private void checkRoundTrip(int[] mask, int domain) {
        int bound = MaskCodec.maxEncodedBytes(domain);
        byte[] bytes = new byte[bound + 20];
        Arrays.fill(bytes, POISON);
        int[] given = new int[mask.length + 5];
        System.arraycopy(mask, 0, given, 3, mask.length);
        int end = codec.encode(given, 3, 3 + mask.length, domain, bytes, 10);
        assertTrue(end - 10 <= bound, () -> (end - 10) + " bytes, bound " + bound);
        for (int i = 0; i < bytes.length; i++) {
            int byteIndex = i;
            assertTrue(i >= 10 && i < end || bytes[i] == POISON, () -> "byte " + byteIndex + " was touched");
        }
        int[] decoded = new int[mask.length + 9];
        Arrays.fill(decoded, -1);
        assertEquals(mask.length, codec.decode(bytes, 10, end, domain, decoded, 4));
        assertArrayEquals(mask, Arrays.copyOfRange(decoded, 4, 4 + mask.length));
        assertEquals(-1, decoded[3]);
        assertEquals(-1, decoded[4 + mask.length]);
    }

    @Test
    void shouldChooseTheSmallestFormPerBlock() {
        int domain = 6 * BLOCK;
        int[] mask = IntStream.range(0, domain)
                .filter(i -> switch (i / BLOCK) {
                    case 0 -> false;
                    case 1 -> true;
                    case 2 -> (i * 0x9e3779b9 >>> 31) == 0;
                    case 3 -> i % 4000 == 17 || i % BLOCK > BLOCK - 5;
                    case 4 -> (i * 0x9e3779b9 >>> 4) % 100 == 0;
                    default -> i % BLOCK < 2 || i % BLOCK == 65_000;
                })
                .toArray();
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(domain)];
        int end = codec.encode(mask, 0, mask.length, domain, bytes, 0);
        List<Integer> forms = new ArrayList<>();
        int at = 0;
        for (int block = 0; block < 6; block++) {
            int first = block * BLOCK;
            int[] part = Arrays.stream(mask)
                    .filter(i -> i >= first && i < first + BLOCK)
                    .map(i -> i - first)
                    .toArray();
            byte[] alone = new byte[MaskCodec.maxEncodedBytes(BLOCK)];
            int length = codec.encode(part, 0, part.length, BLOCK, alone, 0);
            assertArrayEquals(Arrays.copyOf(alone, length), Arrays.copyOfRange(bytes, at, at + length));
            int smallest = smallest(part, BLOCK);
            assertTrue(length - HEADER >= smallest, "block " + block + ": no form can take so little");
            assertTrue(length - HEADER <= 1.01 * smallest + 1, "block " + block + ": " + length + " bytes");
            forms.add(alone[0] & 7);
            at += length;
        }
        assertEquals(end, at);
        assertEquals(List.of(0, 1, 2, 4, 4, 3), forms);
    }

    @Test
    void shouldBeNoLargerThanAnyFormInAnyBlock() {
        qt().withExamples(100)
                .forAll(longs().all(), integers().between(1, BLOCK), doubles().between(0, 1))
                .check((seed, domain, root) -> {
                    int[] mask = Masks.random(seed, domain, root * root * root);
                    byte[] bytes = new byte[MaskCodec.maxEncodedBytes(domain)];
                    int end = codec.encode(mask, 0, mask.length, domain, bytes, 0);
                    int simple =
                            mask.length == 0 || mask.length == domain ? 0 : Math.min((domain + 7) / 8, 2 * mask.length);
                    int parameter = (bytes[0] & 0xff) >>> 3;
                    boolean rice = (bytes[0] & 7) == 4;
                    boolean exact = !rice || end - HEADER == riceBytes(mask, parameter);
                    return end - HEADER <= simple && exact;
                });
    }

    @Test
    void shouldUseOffsetsWhereGapsAreFewAndUneven() {
        int[] mask = {0, 65_000};
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(BLOCK)];
        int end = codec.encode(mask, 0, 2, BLOCK, bytes, 0);
        assertTrue(end <= HEADER + 4, "two positions took " + (end - HEADER) + " bytes");
        checkRoundTrip(mask, BLOCK);
    }

    /** Bytes of the smallest body of all forms and all Rice parameters. */
    private static int smallest(int[] mask, int length) {
        if (mask.length == 0 || mask.length == length) {
            return 0;
        }
        int best = Math.min((length + 7) / 8, 2 * mask.length);
        for (int parameter = 0; parameter <= 16; parameter++) {
            best = Math.min(best, riceBytes(mask, parameter));
        }
        return best;
    }

    private static int riceBytes(int[] mask, int parameter) {
        long bits = 0;
        int previous = -1;
        for (int position : mask) {
            bits += (position - previous - 1 >>> parameter) + 1 + parameter;
            previous = position;
        }
        return (int) ((bits + 7) / 8);
    }

    static List<Arguments> goldenSizes() {
        List<Arguments> all = new ArrayList<>();
        for (JsonNode file : GoldenFiles.MASK_SIZE.contents()) {
            for (JsonNode one : file.get("cases")) {
                all.add(Arguments.of(
                        one.get("n").asInt(),
                        one.get("k").asInt(),
                        one.get("entropyBytes").asDouble(),
                        one.get("countingBytes").asDouble()));
            }
        }
        return all;
    }

    @Test
    void shouldHaveGoldenSizes() {
        assertEquals(13, goldenSizes().size());
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("goldenSizes")
    void shouldStayWithinFourPercentOfTheEntropyBound(int n, int k, double entropyBytes, double countingBytes) {
        int draws = n > 100_000 ? 2 : 20;
        double sum = 0;
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(n)];
        for (int draw = 0; draw < draws; draw++) {
            sum += codec.encode(Masks.exactly(draw, n, k), 0, k, n, bytes, 0);
        }
        double mean = sum / draws;
        double headers = HEADER * Math.ceil((double) n / BLOCK);
        assertTrue(mean >= countingBytes, "mean of " + mean + " bytes is below the counting bound " + countingBytes);
        double allowed = 1.04 * entropyBytes + headers + 2;
        assertTrue(mean <= allowed, "mean of " + mean + " bytes, bound " + entropyBytes + ", allowed " + allowed);
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("goldenSizes")
    void shouldKnowTheEntropyBoundAndForeseeTheSize(int n, int k, double entropyBytes, double countingBytes) {
        assertEquals(entropyBytes, MaskSize.entropyBytes(n, k), 1e-6 * entropyBytes + 1e-8);
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(n)];
        double foreseen = MaskSize.codecBytes(n, k);
        int actual = codec.encode(Masks.exactly(3, n, k), 0, k, n, bytes, 0);
        assertEquals(actual, foreseen, 0.02 * actual + 3, k + " of " + n);
    }

    @ParameterizedTest
    @CsvSource({"5,5", "5,9", "65536,65536"})
    void shouldRefusePositionsBeyondTheDomain(int domain, int position) {
        byte[] bytes = new byte[MaskCodec.maxEncodedBytes(domain)];
        var failure = assertThrows(
                IllegalArgumentException.class, () -> codec.encode(new int[] {position}, 0, 1, domain, bytes, 0));
        assertTrue(String.valueOf(failure.getMessage()).contains("position " + position), failure.getMessage());
    }
}
