package org.dl4jscape.cuda;

import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsProvider;

/**
 * Holds the name {@code cuda} among the kernels, and is never available in this version, since it carries no compiled CUDA
 * kernels: who asks for them is told so, and {@code auto} passes by.
 */
public final class CudaKernelsProvider implements KernelsProvider {
    private static final String REASON =
            "this version of scape-cuda-ops carries no compiled CUDA kernels, whatever GPU is"
                    + " installed; use kernels vector, which runs on the CPU";

    /** Called by the service loader. */
    public CudaKernelsProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public String unavailableBecause() {
        return REASON;
    }

    /**
     * Refuses.
     *
     * @throws UnsupportedOperationException always, with the sentence of {@link #unavailableBecause()}
     */
    @Override
    public Kernels create() {
        throw new UnsupportedOperationException(REASON);
    }
}
