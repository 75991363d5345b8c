package org.dl4jscape.core.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selection in a buffer outside of the heap takes what selection in an array takes. */
class ViewSelectionTest {
    private final ViewSelection selection = new ViewSelection();
    private final Kernels reference = new ReferenceKernels();

    private static FloatBuffer direct(float[] values) {
        FloatBuffer view = ByteBuffer.allocateDirect(Float.BYTES * values.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        return view.put(0, values);
    }

    /** Below and above the length from which a sample is drawn; {@code distinct} values, so that many are equal. */
    @ParameterizedTest
    @CsvSource({
        "0,0,1",
        "1,1,1",
        "1000,10,1000000",
        "4097,4097,1000000",
        "70001,700,1000000",
        "70001,7000,5",
        "70001,1,1",
        "300000,30000,1000000",
        "300000,150000,3"
    })
    void shouldSelectAsTheReferenceDoes(int n, int k, int distinct) {
        Random random = new Random(n + 31L * k);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] =
                    (float) Math.exp(random.nextInt(distinct) * 40.0 / distinct - 20) * (random.nextBoolean() ? 1 : -1);
        }
        if (n > 1000) {
            values[n / 2] = Float.NaN;
            values[n / 3] = Float.NEGATIVE_INFINITY;
        }
        int[] expected = new int[k];
        reference.selectLargest(values, n, k, expected, 0);
        int[] selected = new int[k + 2];
        for (int repeat = 0; repeat < 2; repeat++) {
            selection.selectLargest(direct(values), n, k, IntBuffer.wrap(selected), 2);
            int[] taken = new int[k];
            System.arraycopy(selected, 2, taken, 0, k);
            assertArrayEquals(expected, taken);
        }
    }

    @Test
    void shouldCountMagnitudesByTheirUpperBits() {
        float[] values = {1, -1, 1.1f, 2, 0, -0f, Float.NaN};
        IntBuffer counts = IntBuffer.allocate(ViewSelection.BUCKETS);
        selection.histogram(direct(values), values.length, counts);
        assertEquals(3, counts.get(Float.floatToRawIntBits(1) >>> 20));
        assertEquals(1, counts.get(Float.floatToRawIntBits(2) >>> 20));
        assertEquals(2, counts.get(0));
        assertEquals(1, counts.get(2040));
    }
}
