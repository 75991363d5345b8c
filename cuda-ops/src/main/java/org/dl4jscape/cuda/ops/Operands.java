package org.dl4jscape.cuda.ops;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.cuda.ops.Signature.Operand;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The arrays of one call, checked against the signature: number, types, strides, and which memory overlaps. */
final class Operands {
    private final Signature signature;
    private final List<FlatView> inputs = new ArrayList<>();
    private final List<FlatView> outputs = new ArrayList<>();

    Operands(Signature signature, List<INDArray> in, List<INDArray> out) {
        this.signature = signature;
        if (in.size() < signature.required() || in.size() > signature.inputs().size()) {
            throw signature.refuse(in.size() + " inputs (expected: " + signature.inputs() + ")");
        }
        if (out.size() != signature.outputs().size()) {
            throw signature.refuse(out.size() + " outputs (expected: " + signature.outputs() + ")");
        }
        for (int i = 0; i < in.size(); i++) {
            inputs.add(FlatView.of(signature, signature.inputs().get(i), in.get(i)));
        }
        for (int i = 0; i < out.size(); i++) {
            outputs.add(FlatView.of(signature, signature.outputs().get(i), out.get(i)));
        }
        refuseOverlaps();
    }

    private void refuseOverlaps() {
        for (int o = 0; o < outputs.size(); o++) {
            Operand output = signature.outputs().get(o);
            for (int i = 0; i < inputs.size(); i++) {
                boolean allowed = output.inPlaceOf() == i && outputs.get(o).isSameMemoryAs(inputs.get(i));
                if (!allowed && outputs.get(o).overlaps(inputs.get(i))) {
                    throw overlap(output, signature.inputs().get(i));
                }
            }
            for (int other = 0; other < o; other++) {
                if (outputs.get(o).overlaps(outputs.get(other))) {
                    throw overlap(output, signature.outputs().get(other));
                }
            }
        }
    }

    private IllegalArgumentException overlap(Operand output, Operand other) {
        String allowed = output.inPlaceOf() == Signature.ELSEWHERE
                ? "this output has an array of its own"
                : "it may be the whole array of "
                        + signature.inputs().get(output.inPlaceOf()).role() + " and no other";
        return signature.refuse("output " + output.role() + " overlaps " + other.role() + " in memory; " + allowed);
    }

    boolean has(int input) {
        return input < inputs.size();
    }

    FlatView in(int input) {
        return inputs.get(input);
    }

    FlatView out(int output) {
        return outputs.get(output);
    }

    void requireInputLength(int input, long expected, String because) {
        requireLength(signature.inputs().get(input), in(input), expected, because);
    }

    void requireOutputLength(int output, long expected, String because) {
        requireLength(signature.outputs().get(output), out(output), expected, because);
    }

    private void requireLength(Operand operand, FlatView view, long expected, String because) {
        if (view.length() != expected) {
            throw signature.refuse(operand.role() + " has " + view.length() + " elements (expected: " + expected + ", "
                    + because + ")");
        }
    }

    /** Checks that an input holds ascending positions in [first, end); one pass. */
    IntBuffer ascending(int input, int first, int end) {
        IntBuffer indices = in(input).ints();
        int previous = first - 1;
        for (int j = 0; j < in(input).length(); j++) {
            int index = indices.get(j);
            if (index <= previous || index >= end) {
                throw signature.refuse(signature.inputs().get(input).role() + "[" + j + "]=" + index
                        + " (expected: ascending, from " + first + " to " + (end - 1) + ", no two equal)");
            }
            previous = index;
        }
        return indices;
    }
}
