package org.dl4jscape.cuda;

import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsContract;

/** The contract, for the loops of the ops. */
class Nd4jKernelsTest extends KernelsContract {
    @Override
    protected Kernels create() {
        return new Nd4jKernels();
    }
}
