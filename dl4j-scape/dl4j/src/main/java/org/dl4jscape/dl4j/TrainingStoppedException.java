package org.dl4jscape.dl4j;

/** A training has ended because its {@link StopCondition} wanted it; its checkpoint is complete. */
public final class TrainingStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the step after which it ended. */
    public TrainingStoppedException(int step) {
        super("training was stopped after step " + step + ", which is saved; resume it from its checkpoints");
    }
}
