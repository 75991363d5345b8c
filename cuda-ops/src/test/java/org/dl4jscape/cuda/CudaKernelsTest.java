package org.dl4jscape.cuda;

import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsContract;
import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.EmulatedDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, for the CUDA kernels and their launches, on an emulated device. */
class CudaKernelsTest extends KernelsContract {
    private CudaKernels kernels;

    @BeforeAll
    void open() {
        CudaDevice device = EmulatedDriver.open();
        kernels = new CudaKernels(device);
    }

    @AfterAll
    void close() {
        if (kernels != null) {
            kernels.close();
        }
    }

    @Override
    protected Kernels create() {
        return kernels;
    }

    /** Fewer than for the others, the emulation is slow; the longer has more tiles than the scan of tiles has threads. */
    @Override
    protected int[] longLengths() {
        return new int[] {65_535, (1 << 20) + 1};
    }
}
