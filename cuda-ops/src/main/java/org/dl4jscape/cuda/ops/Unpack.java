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
 * {@code scape_unpack}: writes masked values into a flat vector.
 *
 * <pre>
 *   inputs   target [n], indices [k] INT32, ascending, 0 &lt;= index &lt; n; packed [k]
 *   outputs  target [n], with target[indices] = packed        in place of target
 * </pre>
 *
 * Source: SCAPE, line 4 [S].
 */
public final class Unpack extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_unpack",
            List.of(floats("target"), Signature.of("indices", DataType.INT32), floats("packed")),
            3,
            List.of(floatsInPlaceOf("target", 0)),
            0,
            0);

    /** For loading a saved graph. */
    public Unpack() {}

    /** In a graph. */
    public Unpack(SameDiff graph, SDVariable target, SDVariable indices, SDVariable packed) {
        super(graph, target, indices, packed);
    }

    /** For {@code Nd4j.exec}, in place of target. */
    public Unpack(INDArray target, INDArray indices, INDArray packed) {
        super(List.of(target, indices, packed), List.of(target));
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return like(in.get(0));
    }

    @Override
    void compute(Operands op) {
        int n = op.in(0).length();
        int k = op.in(1).length();
        op.requireInputLength(2, k, "as indices");
        op.requireOutputLength(0, n, "as target");
        op.ascending(1, 0, n);
        op.out(0).copyFrom(op.in(0));
        new FlatLoops()
                .scatter(op.in(2).floats(), 0, op.in(1).ints(), 0, k, op.out(0).floats());
    }
}
