package org.dl4jscape.cuda.ops;

import static org.dl4jscape.cuda.ops.Signature.floats;

import java.util.List;
import org.dl4jscape.core.compute.ViewSelection;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_histogram}: counts values by the upper 11 bits of their magnitude (8 of exponent, 3 of mantissa).
 *
 * <pre>
 *   inputs   values [n]
 *   outputs  counts [2048], INT32      counts[b]: values whose bits, without sign, shifted right by 20, are b; NaN 2040
 * </pre>
 */
public final class MagnitudeHistogram extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_histogram", List.of(floats("values")), 1, List.of(Signature.of("counts", DataType.INT32)), 0, 0);

    /** For loading a saved graph. */
    public MagnitudeHistogram() {}

    /** In a graph. */
    public MagnitudeHistogram(SameDiff graph, SDVariable values) {
        super(graph, values);
    }

    /** For {@code Nd4j.exec}; the output is made. */
    public MagnitudeHistogram(INDArray values) {
        super(List.of(values), List.of());
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.<long[]>of(new long[] {ViewSelection.BUCKETS});
    }

    @Override
    void compute(Operands op) {
        op.requireOutputLength(0, ViewSelection.BUCKETS, "11 bits");
        new ViewSelection()
                .histogram(op.in(0).floats(), op.in(0).length(), op.out(0).ints());
    }
}
