package org.dl4jscape.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * Arguments of one launch, in the order of the kernel's parameters: fluent, used once.
 *
 * <p>A launch takes an array of pointers, one to each argument; both lie in one block of memory, the pointers first.
 */
public final class KernelArguments {
    private static final int MOST = 16;
    private static final int BYTES_EACH = 8;
    private static final int STRUCTURE_BYTES = 128;

    private final Memory block = new Memory(MOST * (Native.POINTER_SIZE + BYTES_EACH) + STRUCTURE_BYTES);
    private int count;
    private int structure = MOST * (Native.POINTER_SIZE + BYTES_EACH);

    /** None yet. */
    public KernelArguments() {}

    private long next() {
        long place = (long) MOST * Native.POINTER_SIZE + (long) count * BYTES_EACH;
        block.setPointer((long) count * Native.POINTER_SIZE, block.share(place));
        count++;
        return place;
    }

    /** A device address. */
    public KernelArguments array(DeviceArray array) {
        block.setLong(next(), array.address());
        return this;
    }

    /** An {@code int}. */
    public KernelArguments integer(int value) {
        block.setInt(next(), value);
        return this;
    }

    /** A {@code float}. */
    public KernelArguments real(float value) {
        block.setFloat(next(), value);
        return this;
    }

    /** A structure of 4-byte fields: first the integers, then the floats. The last argument. */
    public KernelArguments structure(int[] integers, float... reals) {
        block.setPointer((long) count * Native.POINTER_SIZE, block.share(structure));
        count++;
        block.write(structure, integers, 0, integers.length);
        structure += Integer.BYTES * integers.length;
        block.write(structure, reals, 0, reals.length);
        return this;
    }

    Memory memory() {
        return block;
    }
}
