package org.dl4jscape.cuda.ops;

import static org.dl4jscape.cuda.ops.Signature.floats;
import static org.dl4jscape.cuda.ops.Signature.floatsInPlaceOf;

import java.util.List;
import org.dl4jscape.cuda.flat.FlatLoops;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_pack}: takes the masked values out of the residual and leaves zeros.
 *
 * <pre>
 *   inputs   residual [n], indices [k] INT32, ascending, 0 &lt;= index &lt; n
 *   outputs  packed [k] = residual[indices]
 *            residual [n], zero at indices        in place of residual
 * </pre>
 *
 * Source: SCAPE, line 2 [I].
 */
public final class Pack extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_pack",
            List.of(floats("residual"), Signature.of("indices", DataType.INT32)),
            2,
            List.of(floats("packed"), floatsInPlaceOf("residual", 0)),
            0,
            0);

    /** For loading a saved graph. */
    public Pack() {}

    /** In a graph. */
    public Pack(SameDiff graph, SDVariable residual, SDVariable indices) {
        super(graph, residual, indices);
    }

    /** For {@code Nd4j.exec}, in place of residual. */
    public Pack(INDArray residual, INDArray indices, INDArray packed) {
        super(List.of(residual, indices), List.of(packed, residual));
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.of(in.get(1).shape(), in.get(0).shape());
    }

    @Override
    void compute(Operands op) {
        int n = op.in(0).length();
        int k = op.in(1).length();
        op.requireOutputLength(0, k, "as indices");
        op.requireOutputLength(1, n, "as residual");
        op.ascending(1, 0, n);
        op.out(1).copyFrom(op.in(0));
        new FlatLoops()
                .pack(op.out(1).floats(), op.in(1).ints(), 0, k, op.out(0).floats(), 0);
    }
}
