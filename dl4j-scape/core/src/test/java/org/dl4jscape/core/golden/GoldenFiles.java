package org.dl4jscape.core.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The golden files, by what they are about; every test of golden numbers asks here, so that a file which belongs to no kind
 * is a file which no test reads.
 */
public enum GoldenFiles {
    /** Dense AdamS: read by the steps' test. */
    ADAMS("adams", "adams-"),
    /** Whole training steps: read by the steps' test. */
    SCAPE("scape", "scape-"),
    /** The k largest magnitudes: read by the kernels' tests. */
    MASK_SELECTION("maskSelection", "mask-selection"),
    /** Bounds for the size of a mask: read by the codec's test. */
    MASK_SIZE("maskSize", "mask-size"),
    /** Rounding to 16 bits and back: read by the value codec's test. */
    VALUE_CODEC("valueCodec", "value-codec-");

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private final String kind;
    private final String prefix;

    GoldenFiles(String kind, String prefix) {
        this.kind = kind;
        this.prefix = prefix;
    }

    /** What the files say in their field {@code kind}. */
    public String kind() {
        return kind;
    }

    /** Paths of the files of this kind, sorted. */
    public List<Path> paths() {
        return all().stream()
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .toList();
    }

    /** Contents of the files of this kind, in the order of {@link #paths}. */
    public List<JsonNode> contents() {
        return paths().stream().map(GoldenFiles::read).toList();
    }

    /** Every golden file there is. */
    public static List<Path> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses one file. */
    public static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbers that the file states as float32. */
    public static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    /** Whole numbers. */
    public static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
