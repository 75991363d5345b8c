package org.dl4jscape.core.compute;

/** The contract, for the fast kernels. */
class VectorKernelsTest extends KernelsContract {
    @Override
    protected Kernels create() {
        return new VectorKernels();
    }
}
