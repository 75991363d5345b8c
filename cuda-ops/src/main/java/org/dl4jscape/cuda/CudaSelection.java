package org.dl4jscape.cuda;

import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.DeviceArray;
import org.dl4jscape.cuda.driver.KernelArguments;

/**
 * Exact selection of the k largest magnitudes of values on the device: ten launches one behind the other, and nothing that
 * the host must know in between. How it works stands in {@code select.cu}.
 */
final class CudaSelection {
    private static final int BUCKETS = 2048;
    private static final int LEVELS = 3;

    private final CudaDevice device;
    private final DeviceArray state;
    private final DeviceArray histogram;
    private final DeviceArray above;
    private final DeviceArray equal;
    private final DeviceArray selected;

    CudaSelection(CudaDevice device) {
        this.device = device;
        state = new DeviceArray(device);
        histogram = new DeviceArray(device);
        above = new DeviceArray(device);
        equal = new DeviceArray(device);
        selected = new DeviceArray(device);
    }

    /** The first k elements of the result are the selected indices in [0, n), ascending; 1 &lt;= k &lt;= n. */
    DeviceArray select(DeviceArray values, int n, int k) {
        int tiles = (int) (((long) n + CudaDevice.TILE - 1) / CudaDevice.TILE);
        state.upload(new int[] {0, k}, 0, 2);
        histogram.zero(BUCKETS);
        above.reserve(tiles);
        equal.reserve(tiles);
        selected.reserve(k);
        for (int level = 0; level < LEVELS; level++) {
            KernelArguments counting = new KernelArguments()
                    .array(values)
                    .integer(n)
                    .integer(level)
                    .array(state)
                    .array(histogram);
            device.launchOver("scape_histogram", n, counting);
            KernelArguments choosing =
                    new KernelArguments().integer(level).array(histogram).array(state);
            device.launch("scape_choose_bucket", 1, choosing);
        }
        device.launch("scape_count_tiles", tiles, tiles(values, n));
        device.launch(
                "scape_scan_tiles",
                1,
                new KernelArguments().array(above).array(equal).integer(tiles));
        device.launch("scape_emit", tiles, tiles(values, n).array(selected));
        return selected;
    }

    private KernelArguments tiles(DeviceArray values, int n) {
        return new KernelArguments()
                .array(values)
                .integer(n)
                .array(state)
                .array(above)
                .array(equal);
    }
}
