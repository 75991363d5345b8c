package org.dl4jscape.cuda.ops;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays that lie within larger ones, and what belongs in them. */
final class Views {
    private static final int GUARD = 7;

    private Views() {}

    /** A view with an offset over an array with a border that nobody may write. */
    static INDArray of(float[] values) {
        INDArray all = Nd4j.valueArrayOf(new long[] {values.length + 2 * GUARD}, -77f, DataType.FLOAT);
        INDArray view = all.get(NDArrayIndex.interval(GUARD, GUARD + values.length));
        view.assign(Nd4j.createFromArray(values));
        return view;
    }

    /** Whether the border of {@link #of} is as it was. */
    static boolean borderIsUntouched(INDArray view) {
        float[] all = view.data().originalDataBuffer() == null
                ? view.data().asFloat()
                : view.data().originalDataBuffer().asFloat();
        int n = all.length;
        for (int j = 0; j < GUARD; j++) {
            if (all[j] != -77f || all[n - 1 - j] != -77f) {
                return false;
            }
        }
        return true;
    }

    static float[] floats(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Ascending positions, one in {@code every}. */
    static int[] mask(int n, int every) {
        int[] mask = new int[(n + every - 1) / every];
        for (int j = 0; j < mask.length; j++) {
            mask[j] = j * every;
        }
        return mask;
    }

    static INDArray ints(int... values) {
        return Nd4j.createFromArray(values);
    }

    static INDArray room(DataType type, long n) {
        return Nd4j.create(type, n);
    }
}
