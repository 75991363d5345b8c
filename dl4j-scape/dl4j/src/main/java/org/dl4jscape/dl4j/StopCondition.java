package org.dl4jscape.dl4j;

import java.io.Serializable;

/**
 * Decides after every step whether a training saves itself and ends there; see {@link CheckpointPolicy#stopWhen}.
 *
 * <p>Asked by every rank on its own thread, once a step; must answer alike on all ranks for the same step. No rank is asked of
 * step s + 2 before every other has been asked of step s, since each step waits for all ranks.
 */
@FunctionalInterface
public interface StopCondition extends Serializable {
    /** Whether the training ends after this step, counted from 1. */
    boolean stopsAfter(int step);
}
