package org.dl4jscape.core.step;

/** What {@link ScapeStep#run} has done; the same on all ranks. */
public enum StepOutcome {
    /** Parameters were updated. */
    APPLIED,
    /** A gradient was not finite and the policy is to leave the step out. */
    SKIPPED,
    /** No rank had data: the epoch is over and nothing was changed. */
    FINISHED
}
