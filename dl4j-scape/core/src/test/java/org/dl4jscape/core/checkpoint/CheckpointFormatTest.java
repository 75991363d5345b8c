package org.dl4jscape.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.dl4jscape.core.step.RankSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Format 1: what is written is read, what was written once stays readable, and nothing else is taken for a checkpoint. */
class CheckpointFormatTest {
    private static final Path GOLDEN = Path.of("src/test/resources/checkpoint/format-1.scape");
    private static final int MAGIC_BYTES = 8;
    private static final int HEADER_BYTES = 12;

    private static Checkpoint read(byte[] bytes) throws IOException {
        return CheckpointReader.read("memory", new ByteArrayInputStream(bytes));
    }

    private static String refusal(byte[] bytes) {
        return String.valueOf(
                assertThrows(CheckpointFormatException.class, () -> read(bytes)).getMessage());
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        SmallCheckpoint.assertSame(SmallCheckpoint.content(), read(SmallCheckpoint.bytes()));
    }

    @Test
    void shouldReadTheGoldenFileForEver() throws IOException {
        SmallCheckpoint.assertSame(SmallCheckpoint.content(), CheckpointReader.read(GOLDEN));
    }

    @Test
    void shouldWriteTheGoldenFileByteForByte() throws IOException {
        assertArrayEquals(Files.readAllBytes(GOLDEN), SmallCheckpoint.bytes());
    }

    @Test
    void shouldReadArraysThatAreLongerThanAChunk() throws IOException {
        float[] residual = new float[300_001];
        Random random = new Random(1);
        for (int i = 0; i < residual.length; i++) {
            residual[i] = Float.intBitsToFloat(random.nextInt());
        }
        int[] sent = random.ints(300_001).toArray();
        RankSnapshot.Arrays arrays =
                new RankSnapshot.Arrays(residual, new float[0], new int[0], new float[0], new float[0], sent);
        RankSnapshot.MaskCopy mask = new RankSnapshot.MaskCopy(0, new int[2], new int[0], new float[0]);
        Checkpoint large = new Checkpoint(1, 2, new RankSnapshot(0, 1, 1, 0, 0, arrays, mask), residual, Map.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CheckpointWriter.write(out, large);
        SmallCheckpoint.assertSame(large, read(out.toByteArray()));
    }

    /** A stream may hand its bytes out in crumbs. */
    @Test
    void shouldReadFromAStreamThatGivesOneByteAtATime() throws IOException {
        InputStream crumbs = new ByteArrayInputStream(SmallCheckpoint.bytes()) {
            @Override
            public synchronized int read(byte[] target, int at, int length) {
                return super.read(target, at, Math.min(1, length));
            }
        };
        SmallCheckpoint.assertSame(SmallCheckpoint.content(), CheckpointReader.read("crumbs", crumbs));
    }

    @Test
    void shouldNoticeEveryFlippedBit() {
        byte[] good = SmallCheckpoint.bytes();
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit >>> 3] ^= (byte) (1 << (bit & 7));
            int flipped = bit;
            assertThrows(CheckpointFormatException.class, () -> read(bad), () -> "bit " + flipped);
        }
    }

    @Test
    void shouldNoticeEveryTruncation() {
        byte[] good = SmallCheckpoint.bytes();
        for (int length = 0; length < good.length; length++) {
            byte[] bad = Arrays.copyOf(good, length);
            String sentence = refusal(bad);
            assertTrue(sentence.startsWith("checkpoint memory "), sentence);
            assertTrue(sentence.endsWith("; use an older one"), sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "9"})
    void shouldSayThatAFileIsOfAnotherVersion(String version) {
        byte[] bytes = SmallCheckpoint.bytes();
        bytes[MAGIC_BYTES - 1] = (byte) version.charAt(0);
        assertEquals(
                "checkpoint memory is of format " + version
                        + " (expected: 1); read it with the release that wrote it; use an older one",
                refusal(bytes));
    }

    @Test
    void shouldSayThatAFileIsNoCheckpoint() {
        assertEquals(
                "checkpoint memory does not begin with SCAPECP1: it is no checkpoint; use an older one",
                refusal("PK and so on".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(refusal(new byte[0]).contains("it is no checkpoint"));
    }

    /** Position of a section's header, by its place in the file. */
    private static int sectionAt(byte[] bytes, int number) {
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = MAGIC_BYTES;
        for (int section = 0; section < number; section++) {
            at += HEADER_BYTES + (int) all.getLong(at + 4) + 4;
        }
        return at;
    }

    static List<Arguments> sections() {
        return List.of(
                Arguments.of("IDENTITY", 0),
                Arguments.of("ATTRIBUTES", 1),
                Arguments.of("PARAMETERS", 2),
                Arguments.of("LAST_SENT", 5),
                Arguments.of("MASK_NOISE", 11),
                Arguments.of("END", 12));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void shouldNameTheDamagedSection(String name, int number) {
        byte[] bytes = SmallCheckpoint.bytes();
        int header = sectionAt(bytes, number);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int crc = header + HEADER_BYTES + (int) all.getLong(header + 4);
        bytes[crc] ^= 1;
        String sentence = refusal(bytes);
        assertTrue(sentence.contains("is damaged in " + name + ": CRC32C"), sentence);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, Long.MIN_VALUE, 4L << 30, Integer.MAX_VALUE, 1 << 30})
    void shouldRefuseAbsurdLengthsWithoutTakingMemory(long length) {
        byte[] bytes = SmallCheckpoint.bytes();
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(sectionAt(bytes, 2) + 4, length);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refusal(bytes);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 8 << 20, "a forged length took " + allocated + " bytes");
    }

    @Test
    void shouldRefuseAnUnknownSection() {
        byte[] bytes = SmallCheckpoint.bytes();
        bytes[sectionAt(bytes, 3)] = 99;
        assertTrue(refusal(bytes).contains("has section 99 of 28 bytes where RESIDUAL is expected"));
    }

    /** Writes ints over a section and mends its sum, as only a forger or a bug would. */
    private static byte[] forged(int section, int offset, int... values) {
        byte[] bytes = SmallCheckpoint.bytes();
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = sectionAt(bytes, section);
        int length = (int) all.getLong(header + 4);
        for (int i = 0; i < values.length; i++) {
            all.putInt(header + HEADER_BYTES + offset + 4 * i, values[i]);
        }
        CRC32C sum = new CRC32C();
        sum.update(bytes, header + HEADER_BYTES, length);
        all.putInt(header + HEADER_BYTES + length, (int) sum.getValue());
        return bytes;
    }

    static List<Arguments> forgeries() {
        return List.of(
                Arguments.of("a rank below zero", forged(0, 16, -1, 2), "is of rank -1 of 2"),
                Arguments.of("a rank beyond the world", forged(0, 16, 2, 2), "is of rank 2 of 2"),
                Arguments.of("no ranks", forged(0, 16, 0, 0), "is of rank 0 of 0"),
                Arguments.of("a world of minus one", forged(0, 16, -3, -1), "is of rank -3 of -1"),
                Arguments.of("a step below zero", forged(0, 24, -5), "in step -5"),
                Arguments.of("another world size", forged(0, 20, 3), "has a mask that does not fit 3 ranks"),
                Arguments.of("offsets from one", forged(9, 0, 1), "has a mask that does not fit"),
                Arguments.of("falling offsets", forged(9, 4, 4), "has a mask that does not fit"),
                Arguments.of("offsets beyond the end", forged(9, 8, 4), "has a mask that does not fit"),
                Arguments.of("an index below zero", forged(10, 0, -1), "has a mask that does not fit"),
                Arguments.of("an index beyond the parameters", forged(10, 8, 7), "has a mask that does not fit"),
                Arguments.of("indices that do not ascend", forged(10, 0, 3, 3), "has a mask that does not fit"),
                Arguments.of("an attribute that is too long", forged(1, 0, 1000), "has an attribute of 1000 bytes"),
                Arguments.of("an attribute below zero", forged(1, 0, -8), "has an attribute of -8 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void shouldRefuseWhatIsIntactButImpossible(String name, byte[] bytes, String expected) {
        String sentence = refusal(bytes);
        assertTrue(sentence.contains(expected), name + ": " + sentence);
    }

    @Test
    void shouldSayWhichPartOfTheRunDiffers() {
        Checkpoint checkpoint = SmallCheckpoint.content();
        checkpoint.requireMatch(0x0123456789abcdefL, -2);
        var model = assertThrows(IllegalArgumentException.class, () -> checkpoint.requireMatch(1, -2));
        assertEquals(
                "the checkpoint has network layout 0123456789abcdef (expected: 0000000000000001); resume with the network"
                        + " that was trained",
                model.getMessage());
        var config =
                assertThrows(IllegalArgumentException.class, () -> checkpoint.requireMatch(0x0123456789abcdefL, 255));
        assertEquals(
                "the checkpoint has configuration fffffffffffffffe (expected: 00000000000000ff); resume with the"
                        + " configuration that was used",
                config.getMessage());
    }
}
