package org.dl4jscape.core.compute;

/** The contract, for the oracle itself: ranges, guards, repetition. What it computes is checked by {@link FormulasTest}. */
class ReferenceKernelsTest extends KernelsContract {
    @Override
    protected Kernels create() {
        return new ReferenceKernels();
    }

    /** None: compared with itself it has no tiles to fall between. */
    @Override
    protected int[] longLengths() {
        return new int[0];
    }
}
