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
 * {@code scape_from_bf16} and {@code scape_from_fp16}: the float that each 16-bit value stands for, exactly. The bits of
 * {@link ValueCodec}.
 *
 * <pre>
 *   inputs   narrow [n], BFLOAT16 or HALF
 *   outputs  values [n]
 * </pre>
 */
public abstract sealed class Widen extends ScapeOp {
    Widen() {}

    Widen(SameDiff graph, SDVariable narrow) {
        super(graph, narrow);
    }

    Widen(INDArray narrow) {
        super(List.of(narrow), List.of());
    }

    abstract float widen(short bits);

    private static Signature of(String name, DataType type) {
        return new Signature(name, List.of(Signature.of("narrow", type)), 1, List.of(floats("values")), 0, 0);
    }

    @Override
    final List<long[]> shapes(List<INDArray> in) {
        return like(in.get(0));
    }

    @Override
    final void compute(Operands op) {
        int n = op.in(0).length();
        op.requireOutputLength(0, n, "as narrow");
        ByteBuffer narrow = op.in(0).bytes();
        FloatBuffer values = op.out(0).floats();
        for (int i = 0; i < n; i++) {
            values.put(i, widen(narrow.getShort(2 * i)));
        }
    }

    /** {@code scape_from_bf16}. */
    public static final class FromBf16 extends Widen {
        private static final Signature SIGNATURE = of("scape_from_bf16", DataType.BFLOAT16);

        /** For loading a saved graph. */
        public FromBf16() {}

        /** In a graph. */
        public FromBf16(SameDiff graph, SDVariable narrow) {
            super(graph, narrow);
        }

        /** For {@code Nd4j.exec}; the output is made. */
        public FromBf16(INDArray narrow) {
            super(narrow);
        }

        @Override
        Signature signature() {
            return SIGNATURE;
        }

        @Override
        float widen(short bits) {
            return ValueCodec.fromBf16(bits);
        }
    }

    /** {@code scape_from_fp16}. */
    public static final class FromFp16 extends Widen {
        private static final Signature SIGNATURE = of("scape_from_fp16", DataType.FLOAT16);

        /** For loading a saved graph. */
        public FromFp16() {}

        /** In a graph. */
        public FromFp16(SameDiff graph, SDVariable narrow) {
            super(graph, narrow);
        }

        /** For {@code Nd4j.exec}; the output is made. */
        public FromFp16(INDArray narrow) {
            super(narrow);
        }

        @Override
        Signature signature() {
            return SIGNATURE;
        }

        @Override
        float widen(short bits) {
            return ValueCodec.fromFp16(bits);
        }
    }
}
