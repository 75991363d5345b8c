package org.dl4jscape.cuda;

import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsProvider;
import org.dl4jscape.cuda.driver.CudaDevice;

/**
 * Offers {@link CudaKernels} as {@code cuda}, where there is an NVIDIA GPU of compute capability 7.5 or later with a driver
 * from version 450 on; it needs no ND4J CUDA backend.
 *
 * <p>{@code auto} prefers {@code vector}, also where there is a GPU: no card has run these kernels yet, and each call copies
 * its operands over the bus.
 */
public final class CudaKernelsProvider implements KernelsProvider {
    /** Called by the service loader. */
    public CudaKernelsProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public String unavailableBecause() {
        return CudaDevice.unavailableBecause();
    }

    /**
     * New kernels with the first GPU.
     *
     * @throws org.dl4jscape.cuda.driver.CudaException when it cannot be used
     */
    @Override
    public Kernels create() {
        return new CudaKernels(CudaDevice.open());
    }
}
