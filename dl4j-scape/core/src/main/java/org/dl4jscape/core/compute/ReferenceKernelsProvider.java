package org.dl4jscape.core.compute;

/** Offers {@link ReferenceKernels} as {@code reference}. */
public final class ReferenceKernelsProvider implements KernelsProvider {
    /** Called by the service loader. */
    public ReferenceKernelsProvider() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public String unavailableBecause() {
        return "";
    }

    @Override
    public Kernels create() {
        return new ReferenceKernels();
    }
}
