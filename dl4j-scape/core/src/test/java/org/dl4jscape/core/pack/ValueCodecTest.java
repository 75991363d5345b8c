package org.dl4jscape.core.pack;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.generators.SourceDSL.integers;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.golden.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Floats of 16 bits against golden bit patterns and against a search for the nearest value in exact decimals. */
class ValueCodecTest {
    static List<JsonNode> goldenFiles() {
        return GoldenFiles.VALUE_CODEC.contents();
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void shouldGiveTheGoldenBits(JsonNode golden) {
        WirePrecision precision =
                WirePrecision.valueOf(golden.get("precision").asText().toUpperCase(java.util.Locale.ROOT));
        assertTrue(golden.get("encode").size() > 400 && golden.get("decode").size() > 100);
        for (JsonNode pair : golden.get("encode")) {
            int bits = hex(pair.get(0));
            assertEquals(hex(pair.get(1)), encode(precision, Float.intBitsToFloat(bits)), "of " + pair);
        }
        for (JsonNode pair : golden.get("decode")) {
            float decoded = decode(precision, hex(pair.get(0)));
            assertEquals(hex(pair.get(1)), Float.floatToRawIntBits(decoded), "of " + pair);
        }
        for (JsonNode nan : golden.get("encodeNaN")) {
            float value = Float.intBitsToFloat(hex(nan));
            assertTrue(Float.isNaN(decode(precision, encode(precision, value))), "NaN " + nan);
        }
        for (JsonNode nan : golden.get("decodeNaN")) {
            assertTrue(Float.isNaN(decode(precision, hex(nan))), "NaN " + nan);
        }
    }

    private static int hex(JsonNode text) {
        return Integer.parseUnsignedInt(text.asText(), 16);
    }

    /** Through the array methods, with offsets, as the step calls them. */
    private static int encode(WirePrecision precision, float value) {
        byte[] bytes = new byte[3 + precision.bytes()];
        ValueCodec.of(precision).encode(new float[] {9, value}, 1, 1, bytes, 3);
        return bytes[3] & 0xff | (bytes[4] & 0xff) << 8;
    }

    private static float decode(WirePrecision precision, int bits) {
        float[] values = new float[3];
        ValueCodec.of(precision).decode(new byte[] {7, (byte) bits, (byte) (bits >>> 8)}, 1, 1, values, 2);
        return values[2];
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "FP16"})
    void shouldGiveBackEveryValueThatFits(WirePrecision precision) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = decode(precision, bits);
            if (!Float.isNaN(value)) {
                assertEquals(bits, encode(precision, value));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "FP16"})
    void shouldRoundToTheNearestAndTiesToEven(WirePrecision precision) {
        qt().withExamples(1500).forAll(integers().all()).check(bits -> {
            float value = Float.intBitsToFloat(bits);
            return !Float.isFinite(value) || encode(precision, value) == nearest(precision, value);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "FP16"})
    void shouldRoundMidpointsToEvenAndTheirNeighboursToTheNearest(WirePrecision precision) {
        Random random = new Random(11);
        for (int draw = 0; draw < 600; draw++) {
            int bits = draw < 40 ? draw : random.nextInt(largestBits(precision));
            double middle = ((double) decode(precision, bits) + decode(precision, bits + 1)) / 2;
            float tie = (float) middle;
            for (float value : new float[] {tie, Math.nextUp(tie), Math.nextDown(tie), -tie}) {
                assertEquals(
                        nearest(precision, value), encode(precision, value), () -> "of " + Float.toHexString(value));
            }
        }
    }

    /** Binary search among the non-negative finite values, compared exactly; beyond the last one lies infinity. */
    private static int nearest(WirePrecision precision, float value) {
        int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
        BigDecimal magnitude = new BigDecimal(Math.abs(value));
        int low = 0;
        int high = largestBits(precision) + 1;
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (exact(precision, middle).compareTo(magnitude) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        BigDecimal below = magnitude.subtract(exact(precision, low));
        int side = exact(precision, low + 1).subtract(magnitude).compareTo(below);
        return sign | (side < 0 || side == 0 && (low & 1) == 1 ? low + 1 : low);
    }

    private static int largestBits(WirePrecision precision) {
        return precision == WirePrecision.BF16 ? 0x7f7f : 0x7bff;
    }

    /** Where infinity is asked for: the value that one more binade would begin with, as IEEE 754 rounds. */
    private static BigDecimal exact(WirePrecision precision, int bits) {
        if (bits > largestBits(precision)) {
            return new BigDecimal(precision == WirePrecision.BF16 ? 0x1p128 : 0x1p16);
        }
        return new BigDecimal(decode(precision, bits));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNeverChangeTheOrder(WirePrecision precision) {
        ValueCodec codec = ValueCodec.of(precision);
        qt().withExamples(3000).forAll(integers().all(), integers().all()).check((a, b) -> {
            float[] pair = {Float.intBitsToFloat(a), Float.intBitsToFloat(b)};
            if (Float.isNaN(pair[0]) || Float.isNaN(pair[1])) {
                return true;
            }
            Arrays.sort(pair);
            codec.round(pair, 0, 2);
            return pair[0] <= pair[1];
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldRoundAsAReceiverDecodes(WirePrecision precision) {
        ValueCodec codec = ValueCodec.of(precision);
        float[] values = new float[3000];
        Random random = new Random(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        byte[] bytes = new byte[1 + values.length * codec.bytes()];
        codec.encode(values, 0, values.length, bytes, 1);
        float[] received = new float[values.length];
        codec.decode(bytes, 1, values.length, received, 0);
        float[] rounded = values.clone();
        codec.round(rounded, 100, 2900);
        for (int i = 0; i < values.length; i++) {
            float expected = i >= 100 && i < 2900 ? received[i] : values[i];
            assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(rounded[i]), "value " + i);
        }
        float[] again = received.clone();
        codec.round(again, 0, again.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(Float.floatToIntBits(received[i]), Float.floatToIntBits(again[i]), "twice, value " + i);
        }
    }

    @Test
    void shouldCarryEveryBitOfFp32() {
        ValueCodec codec = ValueCodec.of(WirePrecision.FP32);
        int[] patterns = {0, 0x80000000, 1, 0x7f800001, 0xffc12345, 0x7f800000, 0x3f800000, 0x12345678};
        float[] values = new float[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            values[i] = Float.intBitsToFloat(patterns[i]);
        }
        byte[] bytes = new byte[4 * patterns.length];
        codec.encode(values, 0, values.length, bytes, 0);
        assertArrayEquals(new byte[] {0x78, 0x56, 0x34, 0x12}, Arrays.copyOfRange(bytes, 28, 32), "little-endian");
        float[] decoded = new float[values.length];
        codec.decode(bytes, 0, values.length, decoded, 0);
        for (int i = 0; i < patterns.length; i++) {
            assertEquals(patterns[i], Float.floatToRawIntBits(decoded[i]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameBytesInEveryMemoryAtEveryPlace(WirePrecision precision) {
        ValueCodec codec = ValueCodec.of(precision);
        float[] values = new float[513];
        Random random = new Random(17);
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        int length = values.length * codec.bytes();
        byte[] expected = new byte[length];
        codec.encode(values, 0, values.length, expected, 0);
        for (int at = 0; at < 9; at++) {
            byte[] array = new byte[at + length];
            ByteBuffer direct = ByteBuffer.allocateDirect(at + length).position(1);
            for (EncodedValues memory : new EncodedValues[] {EncodedValues.over(array), EncodedValues.over(direct)}) {
                codec.encode(values, 0, 500, memory, at);
                codec.encode(values, 500, values.length - 500, memory, at + 500 * codec.bytes());
                float[] decoded = new float[values.length + 3];
                codec.decode(memory, at, values.length, decoded, 3);
                float[] wanted = new float[values.length + 3];
                codec.decode(expected, 0, values.length, wanted, 3);
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(Float.floatToRawIntBits(wanted[i]), Float.floatToRawIntBits(decoded[i]));
                }
            }
            byte[] copied = new byte[length];
            direct.get(at, copied);
            assertArrayEquals(expected, copied, "direct, at " + at);
            assertArrayEquals(expected, Arrays.copyOfRange(array, at, at + length), "array, at " + at);
        }
    }

    @Test
    void shouldNotWriteBesideItsMemory() {
        ValueCodec codec = ValueCodec.of(WirePrecision.FP32);
        EncodedValues memory = EncodedValues.over(new byte[7]);
        assertThrows(IndexOutOfBoundsException.class, () -> codec.encode(new float[2], 0, 2, memory, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> codec.encode(new float[2], 0, 1, memory, 4));
        codec.encode(new float[] {1}, 0, 1, memory, 3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKnowTheLargestFiniteValue(WirePrecision precision) {
        ValueCodec codec = ValueCodec.of(precision);
        float[] values = {precision.largest(), -precision.largest(), 2 * precision.largest()};
        float[] rounded = values.clone();
        codec.round(rounded, 0, 3);
        assertEquals(precision.largest(), rounded[0]);
        assertEquals(-precision.largest(), rounded[1]);
        assertEquals(Float.POSITIVE_INFINITY, rounded[2]);
    }
}
