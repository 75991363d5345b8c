package org.dl4jscape.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Memory on the GPU for 4-byte (or, packed, 2-byte) elements; grows when more is needed, and then holds nothing. Belongs to
 * the thread of its device.
 *
 * <p>Transfers go in pieces through the two halves of {@link Staging}. An upload returns when the last piece is on its way: the
 * array on the host may be changed, and what is launched next finds the values. A download returns when the values are there.
 */
public final class DeviceArray {
    private final CudaDevice device;
    private long address;
    private long capacity;

    /** Empty. */
    public DeviceArray(CudaDevice device) {
        this.device = device;
    }

    long address() {
        return address;
    }

    /** Makes room for {@code count} elements of 4 bytes; at least one, so that there is an address. */
    public DeviceArray reserve(long count) {
        device.enter();
        long bytes = Float.BYTES * Math.max(1, count);
        if (bytes > capacity) {
            if (capacity > 0) {
                device.free(address);
                capacity = 0;
            }
            address = device.allocate(bytes);
            capacity = bytes;
        }
        return this;
    }

    /** Sets the first {@code count} elements to zero. */
    public DeviceArray zero(long count) {
        reserve(count);
        if (count > 0) {
            device.fill(address, 0, count);
        }
        return this;
    }

    /** What moves the elements [from, from + count) of a host array between it and the staging memory. */
    private interface Host {
        void move(ByteBuffer staging, int from, int count);
    }

    private void upload(long at, int from, int count, int width, Host host) {
        Staging staging = device.staging();
        int piece = Staging.HALF_BYTES / width;
        for (int done = 0; done < count; done += piece) {
            int now = Math.min(piece, count - done);
            int half = staging.take();
            host.move(staging.bytes(half), from + done, now);
            staging.send(half, address + width * (at + done), (long) width * now);
        }
    }

    /** A piece is taken out of one half while the next one comes into the other. */
    private void download(int from, int count, int width, Host host) {
        device.enter();
        Staging staging = device.staging();
        int piece = Staging.HALF_BYTES / width;
        int before = -1;
        for (int done = 0; done < count; done += piece) {
            int half = staging.take();
            staging.receive(half, address + (long) width * done, (long) width * Math.min(piece, count - done));
            if (before >= 0) {
                staging.await(before);
                host.move(staging.bytes(before), from + done - piece, piece);
            }
            before = half;
        }
        if (before >= 0) {
            int taken = (count - 1) / piece * piece;
            staging.await(before);
            host.move(staging.bytes(before), from + taken, count - taken);
        }
    }

    /** Copies {@code values[from .. from + count)} here. */
    public DeviceArray upload(float[] values, int from, int count) {
        reserve(count);
        return uploadAt(0, values, from, count);
    }

    /** Copies {@code values[from .. from + count)} behind the first {@code at} elements; there must be room. */
    public DeviceArray uploadAt(long at, float[] values, int from, int count) {
        upload(at, from, count, Float.BYTES, (staging, i, n) -> staging.asFloatBuffer()
                .put(values, i, n));
        return this;
    }

    /** Copies {@code values[from .. from + count)} here, by absolute position. */
    public DeviceArray upload(FloatBuffer values, int from, int count) {
        reserve(count);
        upload(0, from, count, Float.BYTES, (staging, i, n) -> staging.asFloatBuffer()
                .put(0, values, i, n));
        return this;
    }

    /** Copies {@code values[from .. from + count)} here. */
    public DeviceArray upload(int[] values, int from, int count) {
        reserve(count);
        upload(0, from, count, Integer.BYTES, (staging, i, n) -> staging.asIntBuffer()
                .put(values, i, n));
        return this;
    }

    /** Copies {@code values[from .. from + count)} here, 2 bytes each. */
    public DeviceArray upload(short[] values, int from, int count) {
        reserve((count + 1L) / 2);
        upload(0, from, count, Short.BYTES, (staging, i, n) -> staging.asShortBuffer()
                .put(values, i, n));
        return this;
    }

    /** Copies the first {@code count} elements to {@code values[from ...]}. */
    public void download(float[] values, int from, int count) {
        download(from, count, Float.BYTES, (staging, i, n) -> staging.asFloatBuffer()
                .get(values, i, n));
    }

    /** Copies the first {@code count} elements to {@code values[from ...]}, by absolute position. */
    public void download(FloatBuffer values, int from, int count) {
        download(from, count, Float.BYTES, (staging, i, n) -> values.put(i, staging.asFloatBuffer(), 0, n));
    }

    /** Copies the first {@code count} elements to {@code values[from ...]}. */
    public void download(int[] values, int from, int count) {
        download(from, count, Integer.BYTES, (staging, i, n) -> staging.asIntBuffer()
                .get(values, i, n));
    }

    /** Copies the first {@code count} 2-byte elements to {@code values[from ...]}. */
    public void download(short[] values, int from, int count) {
        download(from, count, Short.BYTES, (staging, i, n) -> staging.asShortBuffer()
                .get(values, i, n));
    }
}
