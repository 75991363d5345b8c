package org.dl4jscape.core.step;

/** The parts of a step whose time is measured. */
public enum StepPhase {
    /** Weights and losses of all ranks. */
    AGREE,
    /** Gradient into residual and noise. */
    ACCUMULATE,
    /** Wait for the mask that was made one step earlier. */
    MASK_WAIT,
    /** Masked values out of the residual. */
    PACK,
    /** Reduce-scatter. */
    REDUCE_SCATTER,
    /** Optimizer, with global clipping. */
    UPDATE,
    /** All-gather. */
    ALL_GATHER,
    /** Parameters into the model's view. */
    UNPACK,
    /** Selection of the next mask and the start of its gather. */
    NEXT_MASK
}
