package org.dl4jscape.cuda;

import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.SelectionCall;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.DeviceArray;
import org.dl4jscape.cuda.driver.KernelArguments;

/**
 * The kernels on an NVIDIA GPU: the committed PTX, launched through the CUDA driver. Bits as {@code ReferenceKernels}.
 *
 * <p><b>No card has run them yet</b>; the tests run the same launches of the same sources on a driver that emulates a device.
 *
 * <p>The core keeps its state in host memory, so every call copies its operands to the GPU and its results back: correct,
 * and slower than {@code vector} wherever the bus is slower than memory, which is everywhere. Ask for these kernels to check
 * a card, not to save time; {@code auto} does not pick them.
 *
 * <p>Belongs to one thread. Device memory grows to the largest operand and is freed by {@link #close()}, or when the object
 * is no longer reachable.
 */
public final class CudaKernels implements Kernels, AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaDevice device;
    private final Cleaner.Cleanable release;
    private final CudaSelection selection;
    private final CudaUpdate update;
    private final DeviceArray state;
    private final DeviceArray incoming;
    private final DeviceArray moment;
    private final DeviceArray positions;
    private final DeviceArray count;
    private final int[] counted = new int[1];

    /**
     * Kernels on an open device, which they own from now on.
     *
     * @throws org.dl4jscape.cuda.driver.CudaException when a call fails or memory runs out; then the kernels are of no use
     *     any more
     */
    public CudaKernels(CudaDevice device) {
        this.device = device;
        selection = new CudaSelection(device);
        update = new CudaUpdate(device);
        state = new DeviceArray(device);
        incoming = new DeviceArray(device);
        moment = new DeviceArray(device);
        positions = new DeviceArray(device);
        count = new DeviceArray(device);
        release = CLEANER.register(this, device::close);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale) {
        int n = to - from;
        if (n == 0) {
            return 0;
        }
        device.enter();
        KernelArguments arguments = new KernelArguments()
                .array(state.upload(residual, from, n))
                .array(incoming.upload(gradient, from, n))
                .integer(n)
                .real(scale)
                .array(count.zero(1));
        device.launchOver("scape_accumulate", n, arguments);
        state.download(residual, from, n);
        count.download(counted, 0, 1);
        return counted[0];
    }

    @Override
    public int countNonFinite(FloatBuffer gradient, int from, int to) {
        int n = to - from;
        if (n == 0) {
            return 0;
        }
        device.enter();
        KernelArguments arguments = new KernelArguments()
                .array(incoming.upload(gradient, from, n))
                .integer(n)
                .array(count.zero(1));
        device.launchOver("scape_count_not_finite", n, arguments);
        count.download(counted, 0, 1);
        return counted[0];
    }

    @Override
    public void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        int n = to - from;
        if (n == 0) {
            return;
        }
        device.enter();
        KernelArguments arguments = new KernelArguments()
                .array(state.upload(noise, from - shift, n))
                .array(incoming.upload(gradient, from, n))
                .integer(n)
                .real(decay)
                .real(1 - decay);
        device.launchOver("scape_track_noise", n, arguments);
        state.download(noise, from - shift, n);
    }

    @Override
    public void statistic(StatisticCall call, float[] statistic, int at) {
        int n = call.to - call.from;
        if (n == 0) {
            return;
        }
        device.enter();
        DeviceArray values = incoming.reserve(n);
        computeStatistic(call, values);
        values.download(statistic, at, n);
    }

    private void computeStatistic(StatisticCall call, DeviceArray values) {
        int n = call.to - call.from;
        int local = call.from - call.shift;
        int[] lastSent = call.lastSent;
        DeviceArray ages = lastSent == null ? positions.reserve(1) : positions.upload(lastSent, local, n);
        KernelArguments arguments = new KernelArguments()
                .array(state.upload(call.residual, call.from, n))
                .array(moment.upload(call.moment, local, n))
                .array(ages)
                .integer(n)
                .integer(call.step)
                .integer(lastSent == null ? 0 : 1)
                .array(values);
        device.launchOver("scape_statistic", n, arguments);
    }

    @Override
    public void selectLargest(float[] values, int n, int k, int[] selected, int at) {
        if (k > 0) {
            device.enter();
            selection.select(incoming.upload(values, 0, n), n, k).download(selected, at, k);
        }
    }

    /** One range, the usual case, stays on the device from statistic to indices; several are written down between. */
    @Override
    public void select(SelectionCall call) {
        if (call.rangeCount() != 1 || call.k == 0) {
            Kernels.super.select(call);
            return;
        }
        device.enter();
        call.statistic.from = call.start(0);
        call.statistic.to = call.end(0);
        DeviceArray values = incoming.reserve(call.length());
        computeStatistic(call.statistic, values);
        int[] selected = call.selected();
        selection.select(values, call.length(), call.k).download(selected, 0, call.k);
        for (int j = 0; j < call.k; j++) {
            selected[j] += call.start(0);
        }
    }

    @Override
    public void pack(float[] residual, int[] indices, int from, int to, float[] packed, int at) {
        if (from < to) {
            device.enter();
            int base = indices[from];
            int span = indices[to - 1] + 1 - base;
            take("scape_pack", state.upload(residual, base, span), indices, from, to);
            state.download(residual, base, span);
            incoming.download(packed, at, to - from);
        }
    }

    @Override
    public void gather(FloatBuffer source, int[] indices, int from, int to, float[] packed, int at) {
        if (from < to) {
            device.enter();
            int base = indices[from];
            take("scape_gather", state.upload(source, base, indices[to - 1] + 1 - base), indices, from, to);
            incoming.download(packed, at, to - from);
        }
    }

    /** Masked values of a source that begins at the first of them, into {@link #incoming}. */
    private void take(String kernel, DeviceArray source, int[] indices, int from, int to) {
        int k = to - from;
        KernelArguments arguments = new KernelArguments()
                .array(source)
                .array(positions.upload(indices, from, k))
                .integer(indices[from])
                .integer(k)
                .array(incoming.reserve(k));
        device.launchOver(kernel, k, arguments);
    }

    @Override
    public void scatter(float[] packed, int at, int[] indices, int from, int to, FloatBuffer target) {
        int k = to - from;
        if (k == 0) {
            return;
        }
        device.enter();
        int base = indices[from];
        int span = indices[to - 1] + 1 - base;
        KernelArguments arguments = new KernelArguments()
                .array(incoming.upload(packed, at, k))
                .array(positions.upload(indices, from, k))
                .integer(base)
                .integer(k)
                .array(state.upload(target, base, span));
        device.launchOver("scape_scatter", k, arguments);
        state.download(target, base, span);
    }

    @Override
    public void scale(float[] values, int from, int to, float factor) {
        int n = to - from;
        if (n == 0) {
            return;
        }
        device.enter();
        KernelArguments arguments = new KernelArguments()
                .array(state.upload(values, from, n))
                .integer(n)
                .real(factor);
        device.launchOver("scape_scale", n, arguments);
        state.download(values, from, n);
    }

    @Override
    public void update(UpdateCall call) {
        if (call.from < call.to) {
            update.update(call);
        }
    }

    @Override
    public double squaredNorm(UpdateCall call) {
        return call.rule == UpdateRule.SUBTRACT || call.from == call.to ? 0 : update.squaredNorm(call);
    }

    /** Frees what the kernels hold on the device. */
    @Override
    public void close() {
        release.clean();
    }
}
