package org.dl4jscape.core.exchange;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * One block of bytes per rank, in rank order, in one growing array that is used again and again.
 *
 * <p>Block {@code r} is {@code array()[offset(r) .. offset(r + 1))}. Not thread-safe: it belongs to the thread that passed
 * it to a collective. It allocates only when a content is larger than every earlier one.
 */
public final class ByteBlocks {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] offsets;
    private byte[] bytes = new byte[0];
    private int blocks;

    /**
     * An empty container.
     *
     * @param worldSize number of blocks it holds when full
     */
    public ByteBlocks(int worldSize) {
        offsets = new int[worldSize + 1];
    }

    /** Forgets the content and keeps the memory. */
    public void clear() {
        blocks = 0;
    }

    /** Appends the block of the next rank. */
    public void append(byte[] source, int from, int length) {
        if (blocks == offsets.length - 1) {
            throw new IllegalStateException("all " + blocks + " blocks are filled; call clear() first");
        }
        int start = offsets[blocks];
        if (bytes.length - start < length) {
            bytes = Arrays.copyOf(bytes, Math.max(start + length, 2 * bytes.length));
        }
        System.arraycopy(source, from, bytes, start, length);
        blocks++;
        offsets[blocks] = start + length;
    }

    /** The array that holds all blocks; valid until the next {@link #append}. */
    public byte[] array() {
        return bytes;
    }

    /** Where the block of {@code rank} starts; {@code offset(size())} is the end of the last one. */
    public int offset(int rank) {
        return offsets[rank];
    }

    /** Length of the block of {@code rank} in bytes. */
    public int length(int rank) {
        return offsets[rank + 1] - offsets[rank];
    }

    /**
     * The little-endian int that starts {@code at} bytes into the block of {@code rank}.
     *
     * @throws IndexOutOfBoundsException when the block ends before it
     */
    public int intAt(int rank, int at) {
        return (int) INTS.get(bytes, checked(rank, at, Integer.BYTES));
    }

    /**
     * The little-endian double that starts {@code at} bytes into the block of {@code rank}.
     *
     * @throws IndexOutOfBoundsException when the block ends before it
     */
    public double doubleAt(int rank, int at) {
        return (double) DOUBLES.get(bytes, checked(rank, at, Double.BYTES));
    }

    private int checked(int rank, int at, int width) {
        return offsets[rank] + Objects.checkFromIndexSize(at, width, length(rank));
    }

    /** Number of blocks appended since the last {@link #clear}. */
    public int size() {
        return blocks;
    }
}
