package org.dl4jscape.cuda.ops;

import java.util.List;
import org.dl4jscape.core.mask.MaskCodec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_mask_encode}: ascending positions as bytes, in the form of {@link MaskCodec}.
 *
 * <pre>
 *   inputs    indices [k] INT32, ascending, 0 &lt;= index &lt; domain
 *   outputs   encoded, INT8, as long as any mask of the domain can need; zeros behind the mask
 *             length [1], INT32                bytes that the mask took
 *   integers  domain
 * </pre>
 */
public final class MaskEncode extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_mask_encode",
            List.of(Signature.of("indices", DataType.INT32)),
            1,
            List.of(Signature.of("encoded", DataType.INT8), Signature.of("length", DataType.INT32)),
            1,
            0);

    /** For loading a saved graph. */
    public MaskEncode() {}

    /** In a graph. */
    public MaskEncode(SameDiff graph, SDVariable indices, int domain) {
        super(graph, indices);
        arguments(new long[] {domain});
    }

    /** For {@code Nd4j.exec}; the outputs are made. */
    public MaskEncode(INDArray indices, int domain) {
        super(List.of(indices), List.of());
        arguments(new long[] {domain});
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.of(new long[] {capacity()}, new long[] {1});
    }

    private int capacity() {
        if (integer(0) < 1) {
            throw SIGNATURE.refuse("domain=" + integer(0) + " (expected: at least 1)");
        }
        return MaskCodec.maxEncodedBytes(integer(0));
    }

    @Override
    void compute(Operands op) {
        byte[] encoded = new byte[capacity()];
        op.requireOutputLength(0, encoded.length, "the most that a mask of this domain needs");
        op.requireOutputLength(1, 1, "one length");
        int k = op.in(0).length();
        int[] positions = new int[k];
        op.ascending(0, 0, integer(0)).get(0, positions, 0, k);
        int end = new MaskCodec().encode(positions, 0, k, integer(0), encoded, 0);
        op.out(0).bytes().put(0, encoded, 0, encoded.length);
        op.out(1).ints().put(0, end);
    }
}
