package org.dl4jscape.core.step;

/** The learning rate of each parameter block in the step to come; the same on all ranks. */
@FunctionalInterface
public interface LearningRates {
    /** The rate of a block, finite and at least 0. */
    double of(int block);

    /** One rate for all blocks. */
    static LearningRates constant(double rate) {
        return block -> rate;
    }
}
