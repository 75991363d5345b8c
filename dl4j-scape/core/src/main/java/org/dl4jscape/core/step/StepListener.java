package org.dl4jscape.core.step;

/** Hears of every applied step, on the training thread; what it throws ends the training. */
@FunctionalInterface
public interface StepListener {
    /** Called at the end of a step; {@code stats} is valid during the call only. */
    void onStep(StepStats stats);
}
