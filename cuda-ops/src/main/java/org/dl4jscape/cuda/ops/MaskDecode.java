package org.dl4jscape.cuda.ops;

import java.util.List;
import org.dl4jscape.core.mask.MaskCodec;
import org.dl4jscape.core.mask.MaskFormatException;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_mask_decode}: the positions that {@link MaskEncode} wrote. Trusts nothing: bytes that are no mask of the
 * domain, or one of more positions than the capacity, are refused and change nothing.
 *
 * <pre>
 *   inputs    encoded INT8; length [1] INT32, bytes that belong to the mask
 *   outputs   indices [capacity] INT32, ascending; -1 behind the mask
 *             count [1], INT32
 *   integers  domain, capacity
 * </pre>
 */
public final class MaskDecode extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_mask_decode",
            List.of(Signature.of("encoded", DataType.INT8), Signature.of("length", DataType.INT32)),
            2,
            List.of(Signature.of("indices", DataType.INT32), Signature.of("count", DataType.INT32)),
            2,
            0);

    /** For loading a saved graph. */
    public MaskDecode() {}

    /** In a graph. */
    public MaskDecode(SameDiff graph, SDVariable encoded, SDVariable length, int domain, int capacity) {
        super(graph, encoded, length);
        arguments(new long[] {domain, capacity});
    }

    /** For {@code Nd4j.exec}; the outputs are made. */
    public MaskDecode(INDArray encoded, INDArray length, int domain, int capacity) {
        super(List.of(encoded, length), List.of());
        arguments(new long[] {domain, capacity});
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        requireDomain();
        return List.of(new long[] {integer(1)}, new long[] {1});
    }

    private void requireDomain() {
        if (integer(0) < 1 || integer(1) < 1 || integer(1) > integer(0)) {
            throw SIGNATURE.refuse("domain=" + integer(0) + ", capacity=" + integer(1)
                    + " (expected: both at least 1, capacity at most the domain)");
        }
    }

    @Override
    void compute(Operands op) {
        requireDomain();
        op.requireInputLength(1, 1, "one length");
        op.requireOutputLength(0, integer(1), "the capacity");
        op.requireOutputLength(1, 1, "one count");
        int length = op.in(1).ints().get(0);
        if (length < 0 || length > op.in(0).length()) {
            throw SIGNATURE.refuse("length=" + length + " (expected: 0 to the size of encoded, "
                    + op.in(0).length() + ")");
        }
        byte[] encoded = new byte[length];
        op.in(0).bytes().get(0, encoded, 0, length);
        int[] positions = new int[integer(1)];
        int count = decode(encoded, positions);
        java.util.Arrays.fill(positions, count, positions.length, -1);
        op.out(0).ints().put(0, positions, 0, positions.length);
        op.out(1).ints().put(0, count);
    }

    private int decode(byte[] encoded, int[] positions) {
        try {
            return new MaskCodec().decode(encoded, 0, encoded.length, integer(0), positions, 0);
        } catch (MaskFormatException refused) {
            throw new IllegalArgumentException(SIGNATURE.name() + ": " + refused.getMessage(), refused);
        }
    }
}
