package org.dl4jscape.cuda;

import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsProvider;

/** Offers {@link Nd4jKernels} as {@code nd4j}; {@code auto} prefers {@code vector}. */
public final class Nd4jKernelsProvider implements KernelsProvider {
    /** Called by the service loader. */
    public Nd4jKernelsProvider() {}

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public String unavailableBecause() {
        return "";
    }

    @Override
    public Kernels create() {
        return new Nd4jKernels();
    }
}
