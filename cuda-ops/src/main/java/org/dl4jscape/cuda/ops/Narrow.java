package org.dl4jscape.cuda.ops;

import static org.dl4jscape.cuda.ops.Signature.floats;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.dl4jscape.core.pack.ValueCodec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_to_bf16} and {@code scape_to_fp16}: floats rounded to 16 bits, to nearest, ties to even; overflow gives
 * infinity, subnormals are kept, NaN stays NaN. The bits of {@link ValueCodec}.
 *
 * <pre>
 *   inputs   values [n]
 *   outputs  narrow [n], BFLOAT16 or HALF
 * </pre>
 */
public abstract sealed class Narrow extends ScapeOp {
    Narrow() {}

    Narrow(SameDiff graph, SDVariable values) {
        super(graph, values);
    }

    Narrow(INDArray values) {
        super(List.of(values), List.of());
    }

    abstract short narrow(float value);

    private static Signature of(String name, DataType type) {
        return new Signature(name, List.of(floats("values")), 1, List.of(Signature.of("narrow", type)), 0, 0);
    }

    @Override
    final List<long[]> shapes(List<INDArray> in) {
        return like(in.get(0));
    }

    @Override
    final void compute(Operands op) {
        int n = op.in(0).length();
        op.requireOutputLength(0, n, "as values");
        FloatBuffer values = op.in(0).floats();
        ByteBuffer narrow = op.out(0).bytes();
        for (int i = 0; i < n; i++) {
            narrow.putShort(2 * i, narrow(values.get(i)));
        }
    }

    /** {@code scape_to_bf16}. */
    public static final class ToBf16 extends Narrow {
        private static final Signature SIGNATURE = of("scape_to_bf16", DataType.BFLOAT16);

        /** For loading a saved graph. */
        public ToBf16() {}

        /** In a graph. */
        public ToBf16(SameDiff graph, SDVariable values) {
            super(graph, values);
        }

        /** For {@code Nd4j.exec}; the output is made. */
        public ToBf16(INDArray values) {
            super(values);
        }

        @Override
        Signature signature() {
            return SIGNATURE;
        }

        @Override
        short narrow(float value) {
            return ValueCodec.toBf16(value);
        }
    }

    /** {@code scape_to_fp16}. */
    public static final class ToFp16 extends Narrow {
        private static final Signature SIGNATURE = of("scape_to_fp16", DataType.FLOAT16);

        /** For loading a saved graph. */
        public ToFp16() {}

        /** In a graph. */
        public ToFp16(SameDiff graph, SDVariable values) {
            super(graph, values);
        }

        /** For {@code Nd4j.exec}; the output is made. */
        public ToFp16(INDArray values) {
            super(values);
        }

        @Override
        Signature signature() {
            return SIGNATURE;
        }

        @Override
        short narrow(float value) {
            return ValueCodec.toFp16(value);
        }
    }
}
