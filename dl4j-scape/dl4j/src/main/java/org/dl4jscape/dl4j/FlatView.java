package org.dl4jscape.dl4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flat array's own memory, without a copy. */
final class FlatView {
    /** What one 2 GiB buffer view holds. */
    static final long LARGEST = 1L << 29;

    private FlatView() {}

    /** Position 0 is the array's first element; the position of ND4J's own buffer is the array's offset. */
    static FloatBuffer of(INDArray flat) {
        return flat.data().asNioFloat().slice();
    }
}
