package org.dl4jscape.cuda.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What all {@code scape_} ops share: the bridge from ND4J's arrays to {@link Operands}, and from the arguments that ND4J
 * saves to numbers.
 *
 * <p>Runs on any thread; an instance is one call and belongs to one thread, as ND4J's own ops.
 */
public abstract class ScapeOp extends DynamicCustomOp {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** For loading a saved graph. */
    ScapeOp() {}

    /** For {@code Nd4j.exec}. */
    ScapeOp(List<INDArray> inputs, List<INDArray> outputs) {
        addInputArgument(inputs.toArray(INDArray[]::new));
        addOutputArgument(outputs.toArray(INDArray[]::new));
    }

    /** For a graph. */
    ScapeOp(SameDiff graph, SDVariable... inputs) {
        super(graph, inputs);
    }

    abstract Signature signature();

    /** Shapes of the outputs for these inputs, in the order of the signature. */
    abstract List<long[]> shapes(List<INDArray> inputs);

    /** Checks lengths and computes. */
    abstract void compute(Operands operands);

    /** Fixes the arguments. */
    final void arguments(long[] integers, double... reals) {
        addIArgument(integers);
        addTArgument(reals);
    }

    final int integer(int i) {
        return Math.toIntExact(iArguments.get(i));
    }

    final double real(int i) {
        return tArguments.get(i);
    }

    final float realAsFloat(int i) {
        return (float) real(i);
    }

    /**
     * Runs the op.
     *
     * @param inputs arrays in the order that the op's description gives
     * @param outputs arrays for the results; if empty, they are made
     * @return the outputs
     * @throws IllegalArgumentException naming op, operand, value and expectation; then no array has been changed
     */
    public final INDArray[] run(List<INDArray> inputs, List<INDArray> outputs) {
        requireArguments();
        List<INDArray> results = outputs.isEmpty() ? allocate(inputs) : outputs;
        compute(new Operands(signature(), inputs, results));
        return results.toArray(INDArray[]::new);
    }

    private void requireArguments() {
        Signature expected = signature();
        if (iArguments.size() != expected.integers() || tArguments.size() != expected.reals()) {
            throw expected.refuse(iArguments.size() + " integer and " + tArguments.size()
                    + " real arguments (expected: " + expected.integers() + " and " + expected.reals() + ")");
        }
    }

    private List<INDArray> allocate(List<INDArray> inputs) {
        List<INDArray> made = new ArrayList<>();
        for (LongShapeDescriptor shape : describe(inputs)) {
            made.add(Nd4j.create(shape, false));
        }
        return made;
    }

    private List<LongShapeDescriptor> describe(List<INDArray> inputs) {
        Signature op = signature();
        if (inputs.size() < op.required()) {
            throw op.refuse(inputs.size() + " inputs (expected: " + op.inputs() + ")");
        }
        requireArguments();
        List<long[]> shapes = shapes(inputs);
        List<LongShapeDescriptor> all = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            DataType type = outputType(i);
            boolean empty = shapes.get(i).length > 0 && shapes.get(i)[0] == 0;
            all.add(empty ? LongShapeDescriptor.empty(type) : LongShapeDescriptor.fromShape(shapes.get(i), type));
        }
        return all;
    }

    DataType outputType(int output) {
        return signature().outputs().get(output).type();
    }

    /** How ND4J's registry describes the op. */
    public final CustomOpDescriptor descriptor() {
        Signature op = signature();
        return CustomOpDescriptor.builder()
                .hash(hash(op.name()))
                .numInputs(op.required())
                .numOutputs(op.outputs().size())
                .allowsInplace(false)
                .numTArgs(op.reals())
                .numIArgs(op.integers())
                .build();
    }

    /** FNV-1a of the name: stable, since it is saved in graphs. */
    private static long hash(String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    @Override
    public final String opName() {
        return signature().name();
    }

    @Override
    public final int getNumOutputs() {
        return signature().outputs().size();
    }

    @Override
    public final List<LongShapeDescriptor> calculateOutputShape() {
        return describe(inputArguments());
    }

    @Override
    public final List<LongShapeDescriptor> calculateOutputShape(@Nullable OpContext context) {
        return describe(context == null ? inputArguments() : context.getInputArrays());
    }

    @Override
    public final List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < getNumOutputs(); i++) {
            types.add(outputType(i));
        }
        return types;
    }

    /** Empty: all there is to save are integer and real arguments, which ND4J saves by itself. */
    @Override
    public final Map<String, Object> propertiesForFunction() {
        return new LinkedHashMap<>();
    }

    /** Nothing to set. */
    @Override
    public final void setPropertiesForFunction(Map<String, Object> properties) {}

    /**
     * Refuses: these ops move or update state, they have no gradient.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public final List<SDVariable> doDiff(List<SDVariable> gradients) {
        throw new UnsupportedOperationException(
                opName() + " has no gradient; keep it out of the path from variables to the loss");
    }

    /** The only output's shape, as long as an input. */
    static List<long[]> like(INDArray input) {
        return Collections.singletonList(input.shape());
    }
}
