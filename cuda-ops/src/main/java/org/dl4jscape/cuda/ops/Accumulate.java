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
 * {@code scape_accumulate}: takes a gradient into the residual and into its mean square, and counts what is not finite.
 *
 * <pre>
 *   inputs   residual [n], gradient [n], noise [n]
 *   outputs  residual [n] = residual + scale*gradient             in place of residual
 *            noise [n]    = decay*noise + (1 - decay)*gradient^2  in place of noise
 *            nonFinite [1], INT32                                 gradient values that are NaN or infinite
 *   reals    scale, decay
 * </pre>
 *
 * Source: SCAPE, line 2 [I]; the noise is the closed form's [O].
 */
public final class Accumulate extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_accumulate",
            List.of(floats("residual"), floats("gradient"), floats("noise")),
            3,
            List.of(
                    floatsInPlaceOf("residual", 0),
                    floatsInPlaceOf("noise", 2),
                    Signature.of("nonFinite", DataType.INT32)),
            0,
            2);

    /** For loading a saved graph. */
    public Accumulate() {}

    /** In a graph. */
    public Accumulate(
            SameDiff graph, SDVariable residual, SDVariable gradient, SDVariable noise, double scale, double decay) {
        super(graph, residual, gradient, noise);
        arguments(new long[0], scale, decay);
    }

    /** For {@code Nd4j.exec}, in place of residual and noise. */
    public Accumulate(
            INDArray residual, INDArray gradient, INDArray noise, INDArray nonFinite, double scale, double decay) {
        super(List.of(residual, gradient, noise), List.of(residual, noise, nonFinite));
        arguments(new long[0], scale, decay);
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.of(in.get(0).shape(), in.get(2).shape(), new long[] {1});
    }

    @Override
    void compute(Operands op) {
        int n = op.in(0).length();
        op.requireInputLength(1, n, "as residual");
        op.requireInputLength(2, n, "as residual");
        op.requireOutputLength(0, n, "as residual");
        op.requireOutputLength(1, n, "as residual");
        op.requireOutputLength(2, 1, "one count");
        FlatLoops loops = new FlatLoops();
        op.out(0).copyFrom(op.in(0));
        op.out(1).copyFrom(op.in(2));
        loops.trackNoise(op.out(1).floats(), 0, op.in(1).floats(), 0, n, realAsFloat(1));
        int count = loops.accumulate(op.out(0).floats(), op.in(1).floats(), 0, n, realAsFloat(0));
        op.out(2).ints().put(0, count);
    }
}
