package org.dl4jscape.dl4j;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where and how often a training saves itself, and whether it goes on from what is there. Immutable.
 *
 * <pre>
 *   ScapeTrainer.builder().checkpoints(CheckpointPolicy.in(Path.of("run/checkpoints")).every(500).resume())
 * </pre>
 *
 * <p>Checkpoints are taken after the batch in which the step count reaches a multiple of {@code every}, and at the end. Every
 * rank copies its state and writes it on a thread of its own. A run that is stopped and resumed ends with the same bits as
 * one that was not, whatever the step at which it was stopped, given the same data and the same number of ranks; with another
 * number of ranks nothing that was pending is lost, and every batch is still used once.
 */
public final class CheckpointPolicy implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int EVERY_DEFAULT = 1000;
    private static final int KEEP_DEFAULT = 3;

    private final String folder;
    private final int every;
    private final int keep;
    private final boolean resumes;
    private final @Nullable StopCondition stop;

    private CheckpointPolicy(String folder, int every, int keep, boolean resumes, @Nullable StopCondition stop) {
        this.folder = folder;
        this.every = requireAtLeastOne("every", every);
        this.keep = requireAtLeastOne("keep", keep);
        this.resumes = resumes;
        this.stop = stop;
    }

    private static int requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("checkpoints: " + name + "=" + value + " (expected: >= 1)");
        }
        return value;
    }

    /** Every 1000 steps into a folder, which is made if need be; the newest 3 are kept; starts anew. */
    public static CheckpointPolicy in(Path folder) {
        return new CheckpointPolicy(folder.toString(), EVERY_DEFAULT, KEEP_DEFAULT, false, null);
    }

    /** Steps between two checkpoints, at least 1. */
    public CheckpointPolicy every(int steps) {
        return new CheckpointPolicy(folder, steps, keep, resumes, stop);
    }

    /** How many complete checkpoints stay, at least 1; older ones are deleted. */
    public CheckpointPolicy keep(int newest) {
        return new CheckpointPolicy(folder, every, newest, resumes, stop);
    }

    /** Goes on from the newest complete checkpoint; without one, from the start. */
    public CheckpointPolicy resume() {
        return new CheckpointPolicy(folder, every, keep, true, stop);
    }

    /**
     * Ends the training after the step that a condition names, with a checkpoint of it: {@code fit} then throws
     * {@link TrainingStoppedException}, on Spark as the cause of the failed stage. Default: trains to the end.
     */
    public CheckpointPolicy stopWhen(StopCondition condition) {
        return new CheckpointPolicy(folder, every, keep, resumes, Objects.requireNonNull(condition, "condition"));
    }

    /** What ends the training early, if anything. */
    @Nullable
    StopCondition stopCondition() {
        return stop;
    }

    /** Where checkpoints are. */
    public Path folder() {
        return Path.of(folder);
    }

    /** Steps between two checkpoints. */
    public int everySteps() {
        return every;
    }

    /** How many complete checkpoints stay. */
    public int kept() {
        return keep;
    }

    /** Whether a training goes on from the newest complete checkpoint. */
    public boolean resumes() {
        return resumes;
    }
}
