package org.dl4jscape.cuda.ops;

import static org.dl4jscape.cuda.ops.Signature.floats;

import java.util.List;
import org.dl4jscape.core.compute.ViewSelection;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_select}: the k values of largest magnitude, exactly; of equal magnitudes the lowest index wins, NaN counts as
 * larger than infinity.
 *
 * <pre>
 *   inputs    values [n]
 *   outputs   indices [k], INT32, ascending
 *   integers  k, 0 &lt;= k &lt;= n
 * </pre>
 *
 * Time linear in n, memory linear in k. Source: SCAPE, line 5 [S]; the order of ties is ours.
 */
public final class SelectLargest extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_select", List.of(floats("values")), 1, List.of(Signature.of("indices", DataType.INT32)), 1, 0);

    /** For loading a saved graph. */
    public SelectLargest() {}

    /** In a graph. */
    public SelectLargest(SameDiff graph, SDVariable values, int k) {
        super(graph, values);
        arguments(new long[] {k});
    }

    /** For {@code Nd4j.exec}; the output is made. */
    public SelectLargest(INDArray values, int k) {
        super(List.of(values), List.of());
        arguments(new long[] {k});
    }

    /** For {@code Nd4j.exec}, into an array of k indices. */
    public SelectLargest(INDArray values, INDArray indices) {
        super(List.of(values), List.of(indices));
        arguments(new long[] {indices.length()});
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        requireCount(in.get(0).length());
        return List.<long[]>of(new long[] {integer(0)});
    }

    private void requireCount(long n) {
        if (integer(0) < 0 || integer(0) > n) {
            throw SIGNATURE.refuse("k=" + integer(0) + " (expected: 0 to the number of values, " + n + ")");
        }
    }

    @Override
    void compute(Operands op) {
        int n = op.in(0).length();
        requireCount(n);
        op.requireOutputLength(0, integer(0), "k");
        new ViewSelection()
                .selectLargest(op.in(0).floats(), n, integer(0), op.out(0).ints(), 0);
    }
}
