package org.dl4jscape.cuda;

import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.DeviceArray;
import org.dl4jscape.cuda.driver.KernelArguments;

/**
 * Floats to 16 bits and back on a GPU, with the bits of {@link org.dl4jscape.core.pack.ValueCodec}; NaN stays some NaN. Belongs
 * to the thread of its device. No card has run it yet.
 */
public final class CudaValueCodec {
    private final CudaDevice device;
    private final String format;
    private final DeviceArray wide;
    private final DeviceArray narrow;

    /**
     * A codec on an open device.
     *
     * @param precision BF16 or FP16
     */
    public CudaValueCodec(CudaDevice device, WirePrecision precision) {
        if (precision == WirePrecision.FP32) {
            throw new IllegalArgumentException("precision=FP32 (expected: BF16 or FP16); fp32 needs no conversion");
        }
        this.device = device;
        format = precision == WirePrecision.BF16 ? "bf16" : "fp16";
        wide = new DeviceArray(device);
        narrow = new DeviceArray(device);
    }

    /** Rounds {@code values} into {@code target}, as many. */
    public void encode(float[] values, short[] target) {
        int n = values.length;
        if (n > 0) {
            device.enter();
            KernelArguments arguments = new KernelArguments()
                    .array(wide.upload(values, 0, n))
                    .array(narrow.reserve((n + 1L) / 2))
                    .integer(n);
            device.launchOver("scape_to_" + format, n, arguments);
            narrow.download(target, 0, n);
        }
    }

    /** Widens {@code source} into {@code values}, as many. */
    public void decode(short[] source, float[] values) {
        int n = source.length;
        if (n > 0) {
            device.enter();
            KernelArguments arguments = new KernelArguments()
                    .array(narrow.upload(source, 0, n))
                    .array(wide.reserve(n))
                    .integer(n);
            device.launchOver("scape_from_" + format, n, arguments);
            wide.download(values, 0, n);
        }
    }
}
