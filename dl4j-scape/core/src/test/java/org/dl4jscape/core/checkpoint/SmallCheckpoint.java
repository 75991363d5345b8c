package org.dl4jscape.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.dl4jscape.core.step.RankSnapshot;

/** A checkpoint of rank 1 of 2 with seven parameters, every section filled, that never changes: it is also a golden file. */
final class SmallCheckpoint {
    private SmallCheckpoint() {}

    static Checkpoint content() {
        RankSnapshot.Arrays arrays = new RankSnapshot.Arrays(
                new float[] {0.5f, -0f, Float.MIN_VALUE, 3, -4, Float.MAX_VALUE, 1e-20f},
                new float[] {1, 2, 3},
                new int[] {4, 0, 16_777_217},
                new float[] {0.25f, 0.125f, 0},
                new float[] {7, 8, 9},
                new int[] {1, 2, 3, 4, 5, 6, Integer.MAX_VALUE});
        RankSnapshot.MaskCopy mask =
                new RankSnapshot.MaskCopy(41, new int[] {0, 2, 3}, new int[] {0, 3, 5}, new float[] {0, 1, 0.0625f});
        RankSnapshot snapshot = new RankSnapshot(1, 2, 42, 3, 40, arrays, mask);
        float[] parameters = {1, -1, 0.1f, 1e30f, -0f, 6, 7};
        Map<String, String> attributes = Map.of("epoch", "2", "daten", "S\u00e4tze", "empty", "");
        return new Checkpoint(0x0123456789abcdefL, -2, snapshot, parameters, attributes);
    }

    static byte[] bytes() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            CheckpointWriter.write(out, content());
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertSame(Checkpoint expected, Checkpoint actual) {
        assertEquals(expected.layoutFingerprint(), actual.layoutFingerprint());
        assertEquals(expected.configDigest(), actual.configDigest());
        assertEquals(expected.attributes(), actual.attributes());
        assertArrayEquals(expected.parameters(), actual.parameters());
        RankSnapshot a = expected.snapshot();
        RankSnapshot b = actual.snapshot();
        assertEquals(
                List.of(a.rank(), a.worldSize(), a.step(), a.skippedSteps(), a.noiseSteps()),
                List.of(b.rank(), b.worldSize(), b.step(), b.skippedSteps(), b.noiseSteps()));
        assertArrayEquals(a.arrays().residual(), b.arrays().residual());
        assertArrayEquals(a.arrays().moment(), b.arrays().moment());
        assertArrayEquals(a.arrays().lastSent(), b.arrays().lastSent());
        assertArrayEquals(a.arrays().noise(), b.arrays().noise());
        assertArrayEquals(a.arrays().master(), b.arrays().master());
        assertArrayEquals(a.arrays().sentSteps(), b.arrays().sentSteps());
        assertEquals(a.mask().madeInStep(), b.mask().madeInStep());
        assertArrayEquals(a.mask().offsets(), b.mask().offsets());
        assertArrayEquals(a.mask().indices(), b.mask().indices());
        assertArrayEquals(a.mask().noise(), b.mask().noise());
    }
}
