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
 * {@code scape_clip_norm}: scales values whose 2-norm exceeds a bound down to it.
 *
 * <pre>
 *   inputs   values [n]
 *   outputs  values [n] = values * (float) min(1, bound/norm)        in place of values
 *            norm [1], DOUBLE                                        before clipping; squares added in index order
 *   reals    bound &gt; 0
 * </pre>
 *
 * Where the norm is NaN or infinite, values are left as they are: the norm says so.
 */
public final class ClipNorm extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_clip_norm",
            List.of(floats("values")),
            1,
            List.of(floatsInPlaceOf("values", 0), Signature.of("norm", DataType.DOUBLE)),
            0,
            1);

    /** For loading a saved graph. */
    public ClipNorm() {}

    /** In a graph. */
    public ClipNorm(SameDiff graph, SDVariable values, double bound) {
        super(graph, values);
        arguments(new long[0], bound);
    }

    /** For {@code Nd4j.exec}, in place of values. */
    public ClipNorm(INDArray values, INDArray norm, double bound) {
        super(List.of(values), List.of(values, norm));
        arguments(new long[0], bound);
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.of(in.get(0).shape(), new long[] {1});
    }

    @Override
    void compute(Operands op) {
        double bound = real(0);
        if (!(bound > 0)) {
            throw SIGNATURE.refuse("bound=" + bound + " (expected: above 0)");
        }
        int n = op.in(0).length();
        op.requireOutputLength(0, n, "as values");
        op.requireOutputLength(1, 1, "one norm");
        FlatLoops loops = new FlatLoops();
        double norm = Math.sqrt(loops.squaredNorm(op.in(0).floats(), 0, n));
        op.out(0).copyFrom(op.in(0));
        if (norm > bound && norm < Double.POSITIVE_INFINITY) {
            loops.scale(op.out(0).floats(), 0, n, (float) (bound / norm));
        }
        op.out(1).bytes().putDouble(0, norm);
    }
}
