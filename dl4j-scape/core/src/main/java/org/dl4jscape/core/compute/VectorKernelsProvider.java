package org.dl4jscape.core.compute;

/** Offers {@link VectorKernels} as {@code vector}. */
public final class VectorKernelsProvider implements KernelsProvider {
    /** Called by the service loader. */
    public VectorKernelsProvider() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public String unavailableBecause() {
        return "";
    }

    @Override
    public Kernels create() {
        return new VectorKernels();
    }
}
