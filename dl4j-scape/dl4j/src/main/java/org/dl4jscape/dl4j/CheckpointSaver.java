package org.dl4jscape.dl4j;

import java.time.Duration;
import java.util.Map;
import org.dl4jscape.core.checkpoint.BackgroundWriter;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.jspecify.annotations.Nullable;

/** Takes one rank's checkpoints and has them written behind the training. Belongs to the rank's thread. */
public final class CheckpointSaver implements AutoCloseable {
    private static final String EPOCH = "trainer.epoch";

    private final @Nullable BackgroundWriter writer;
    private final int everySteps;
    private final StopCondition stop;
    private int lastStep = -1;

    /**
     * Ready to save.
     *
     * @param policy where and how often; null: never
     * @param timeout longest wait for one write, above 0
     */
    public CheckpointSaver(@Nullable CheckpointPolicy policy, Duration timeout) {
        writer = policy == null
                ? null
                : new BackgroundWriter(new CheckpointFolder(policy.folder()), policy.kept(), timeout);
        everySteps = policy == null ? Integer.MAX_VALUE : policy.everySteps();
        StopCondition wanted = policy == null ? null : policy.stopCondition();
        stop = wanted == null ? step -> false : wanted;
    }

    /** The epoch in which a checkpoint was taken, 0 the first of the training. */
    static int epoch(Checkpoint checkpoint) {
        return Integer.parseInt(checkpoint.attributes().getOrDefault(EPOCH, "0"));
    }

    /** Saves while an epoch of the training runs. */
    public void watch(RankTrainer trainer, int epoch) {
        if (writer != null) {
            trainer.checkpointEvery(everySteps, rank -> save(rank, epoch));
            trainer.stopWhen(stop, writer::close);
        }
    }

    /** Saves what is complete up to an epoch that is not begun, unless nothing has happened since the last time. */
    public void finish(RankTrainer trainer, int nextEpoch) {
        if (writer != null && trainer.stepCount() != lastStep) {
            save(trainer, nextEpoch);
        }
    }

    private void save(RankTrainer trainer, int epoch) {
        if (writer != null) {
            Checkpoint checkpoint = trainer.checkpoint(Map.of(EPOCH, Integer.toString(epoch)));
            lastStep = checkpoint.snapshot().step();
            writer.submit(checkpoint);
        }
    }

    /** Waits for the last write. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
