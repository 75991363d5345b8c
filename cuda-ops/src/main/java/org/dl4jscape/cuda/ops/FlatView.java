package org.dl4jscape.cuda.ops;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.dl4jscape.cuda.ops.Signature.Operand;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The memory of one array, as a buffer that begins at its first element: checked once, never copied.
 *
 * <p>Holds the array, so that its memory lives as long as the view.
 */
final class FlatView {
    private static final int MOST_BYTES = Integer.MAX_VALUE;

    private final INDArray array;
    private final ByteBuffer memory;
    private final long address;
    private final int length;

    private FlatView(INDArray array, ByteBuffer memory, long address, int length) {
        this.array = array;
        this.memory = memory;
        this.address = address;
        this.length = length;
    }

    /**
     * The view of an operand.
     *
     * @throws IllegalArgumentException on another element type, on elements that do not lie one behind the other, and above
     *     2 GiB
     */
    static FlatView of(Signature op, Operand operand, INDArray array) {
        if (array.dataType() != operand.type()) {
            throw op.refuse(operand.role() + " has dtype " + array.dataType() + " (expected: " + operand.type()
                    + "); convert it with castTo(DataType." + operand.type() + ")");
        }
        if (array.isEmpty() || array.length() == 0) {
            return new FlatView(array, ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()), 0, 0);
        }
        if (array.length() > 1 && array.elementWiseStride() != 1) {
            throw op.refuse(operand.role() + " has element-wise stride " + array.elementWiseStride()
                    + " (expected: 1, elements one behind the other); pass a dup() of it");
        }
        long bytes = array.length() * array.dataType().width();
        if (bytes > MOST_BYTES) {
            throw op.refuse(
                    operand.role() + " has " + array.length() + " elements (expected: at most 2 GiB); split it");
        }
        Pointer first = array.data().addressPointer();
        ByteBuffer memory =
                new BytePointer(first).capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
        return new FlatView(array, memory, first.address(), (int) array.length());
    }

    INDArray array() {
        return array;
    }

    int length() {
        return length;
    }

    FloatBuffer floats() {
        return memory.asFloatBuffer();
    }

    IntBuffer ints() {
        return memory.asIntBuffer();
    }

    ByteBuffer bytes() {
        return memory;
    }

    boolean isSameMemoryAs(FlatView other) {
        return address == other.address && memory.capacity() == other.memory.capacity();
    }

    boolean overlaps(FlatView other) {
        return address < other.address + other.memory.capacity() && other.address < address + memory.capacity();
    }

    /** Makes this view hold what the source holds; nothing to do where both are one memory. */
    void copyFrom(FlatView source) {
        if (!isSameMemoryAs(source)) {
            memory.put(0, source.memory, 0, memory.capacity());
        }
    }
}
