package org.dl4jscape.cuda.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Pinned host memory in two halves, through which everything travels between arrays and the GPU. While the GPU copies one
 * half, the host fills or empties the other.
 *
 * <p>Whoever uses a half takes it with {@link #take}, which waits until the GPU has done what was asked of it before; then the
 * host may write into it and {@link #send}, or {@link #receive}, {@link #await} and read. Sent is not copied yet: what the
 * stream does later comes behind it, what the host does later may not. Belongs to the thread of its device.
 */
final class Staging {
    /** Length of a half. */
    static final int HALF_BYTES = 2 << 20;

    private static final int HALVES = 2;
    /** A wait sleeps instead of spinning, and no time is taken. */
    private static final int BLOCKING_SYNC_WITHOUT_TIMING = 3;

    private final CudaDevice device;
    private final CudaDriver driver;
    private final Pointer stream;
    private final Pointer memory;
    private final Pointer[] events = new Pointer[HALVES];
    private int last;

    Staging(CudaDevice device, CudaDriver driver, Pointer stream) {
        this.device = device;
        this.driver = driver;
        this.stream = stream;
        PointerByReference made = new PointerByReference();
        int bytes = HALVES * HALF_BYTES;
        device.check(driver.cuMemHostAlloc(made, bytes, 0), "cuMemHostAlloc of " + bytes + " bytes");
        memory = made.getValue();
        for (int half = 0; half < HALVES; half++) {
            device.check(driver.cuEventCreate(made, BLOCKING_SYNC_WITHOUT_TIMING), "cuEventCreate");
            events[half] = made.getValue();
        }
    }

    /** The half that was not used last, free to be used. */
    int take() {
        last = 1 - last;
        await(last);
        return last;
    }

    /** Waits until the GPU has copied what was last sent from a half, or received in it. */
    void await(int half) {
        device.check(driver.cuEventSynchronize(events[half]), "wait for the GPU");
    }

    /** The bytes of a half, in the machine's order. */
    ByteBuffer bytes(int half) {
        return memory.getByteBuffer((long) half * HALF_BYTES, HALF_BYTES).order(ByteOrder.nativeOrder());
    }

    /** Copies the first bytes of a half to the GPU, behind what the stream holds; does not wait. */
    void send(int half, long target, long bytes) {
        device.check(driver.cuMemcpyHtoDAsync_v2(target, at(half), bytes, stream), "copy to the GPU");
        record(half);
    }

    /** Copies from the GPU into a half, behind what the stream holds; does not wait. */
    void receive(int half, long source, long bytes) {
        device.check(driver.cuMemcpyDtoHAsync_v2(at(half), source, bytes, stream), "copy from the GPU");
        record(half);
    }

    private Pointer at(int half) {
        return memory.share((long) half * HALF_BYTES);
    }

    private void record(int half) {
        device.check(driver.cuEventRecord(events[half], stream), "cuEventRecord");
    }

    /** Gives back what it holds; whether the GPU still works is of no interest any more. */
    void free() {
        for (Pointer event : events) {
            driver.cuEventSynchronize(event);
            driver.cuEventDestroy_v2(event);
        }
        driver.cuMemFreeHost(memory);
    }
}
