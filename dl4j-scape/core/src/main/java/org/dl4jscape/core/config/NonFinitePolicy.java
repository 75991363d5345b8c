package org.dl4jscape.core.config;

/** What happens when a gradient contains NaN or infinity. */
public enum NonFinitePolicy {
    /** Training ends on all ranks with an error that names rank and layer. */
    FAIL,
    /** The step is left out on all ranks alike, and counted. Costs one more pass over the gradient. */
    SKIP_STEP
}
