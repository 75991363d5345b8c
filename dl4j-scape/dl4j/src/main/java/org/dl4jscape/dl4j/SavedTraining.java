package org.dl4jscape.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.BackgroundWriter;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.checkpoint.Resharding;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.RankSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of one training: what it goes on from, and where its ranks write. Read before any rank starts. */
final class SavedTraining {
    private static final Logger LOG = LoggerFactory.getLogger(SavedTraining.class);
    private static final String EPOCH = "trainer.epoch";

    private final @Nullable CheckpointPolicy policy;
    private final List<Checkpoint> ranks;

    private SavedTraining(@Nullable CheckpointPolicy policy, List<Checkpoint> ranks) {
        this.policy = policy;
        this.ranks = ranks;
    }

    /** Keeps nothing and goes on from nothing. */
    static SavedTraining none() {
        return new SavedTraining(null, List.of());
    }

    /**
     * Looks into the folder.
     *
     * @throws IllegalArgumentException when it has checkpoints of another network or configuration, or has some although the
     *     training is to start anew
     * @throws UncheckedIOException when it cannot be read
     */
    static SavedTraining open(CheckpointPolicy policy, Model network, ScapeConfig config, int worldSize) {
        CheckpointFolder folder = new CheckpointFolder(policy.folder());
        try {
            Optional<CheckpointFolder.Saved> latest = folder.latest();
            if (latest.isEmpty()) {
                return new SavedTraining(policy, List.of());
            }
            CheckpointFolder.Saved saved = latest.get();
            if (!policy.resumes()) {
                throw new IllegalArgumentException("checkpoints: " + policy.folder() + " has some already, up to step "
                        + saved.step() + " (expected: none); call resume() to go on, or choose another folder");
            }
            List<Checkpoint> found = folder.read(saved);
            ParameterLayout layout = ModelBridge.of(network).layout(config).parameters();
            found.forEach(checkpoint -> checkpoint.requireMatch(layout.fingerprint(), config.digest()));
            folder.forgetAfter(saved.step());
            LOG.info("going on from step {} in {}", saved.step(), policy.folder());
            return new SavedTraining(policy, fitted(found, layout, config, worldSize));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "checkpoints: " + policy.folder() + " cannot be read (" + e + "); check the folder", e);
        }
    }

    private static List<Checkpoint> fitted(
            List<Checkpoint> found, ParameterLayout layout, ScapeConfig config, int worldSize) {
        int before = found.size();
        if (before == worldSize) {
            return found;
        }
        LOG.info("the checkpoint is of {} ranks; its state is dealt to {}", before, worldSize);
        List<RankSnapshot> snapshots = new Resharding(
                        config,
                        found.stream().map(Checkpoint::snapshot).toList(),
                        new ShardLayout(layout, before),
                        new ShardLayout(layout, worldSize))
                .run();
        int used = found.stream().mapToInt(RankTrainer::batchesUsed).sum();
        Checkpoint first = found.get(0);
        List<Checkpoint> dealt = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            Map<String, String> attributes = new HashMap<>(first.attributes());
            // Batch i goes to rank i mod worldSize: of the first "used" ones, these were this rank's.
            int own = (used - rank + worldSize - 1) / worldSize;
            attributes.putAll(RankTrainer.batchesUsed(Math.max(0, own)));
            dealt.add(new Checkpoint(
                    first.layoutFingerprint(),
                    first.configDigest(),
                    snapshots.get(rank),
                    first.parameters(),
                    attributes));
        }
        return dealt;
    }

    /** The epoch to go on in, 0 the first of the training. */
    int firstEpoch() {
        return ranks.isEmpty() ? 0 : Integer.parseInt(ranks.get(0).attributes().getOrDefault(EPOCH, "0"));
    }

    /** Gives one rank its state back, if there is one. */
    void restore(RankTrainer trainer, int rank) {
        if (!ranks.isEmpty()) {
            trainer.resume(ranks.get(rank));
        }
    }

    /** One rank's way to save itself; belongs to its thread. */
    Saver saver(Duration timeout) {
        return new Saver(policy, timeout);
    }

    /** Takes and writes one rank's checkpoints. */
    static final class Saver implements AutoCloseable {
        private final @Nullable BackgroundWriter writer;
        private final int everySteps;
        private int lastStep = -1;

        private Saver(@Nullable CheckpointPolicy policy, Duration timeout) {
            writer = policy == null
                    ? null
                    : new BackgroundWriter(new CheckpointFolder(policy.folder()), policy.kept(), timeout);
            everySteps = policy == null ? Integer.MAX_VALUE : policy.everySteps();
        }

        /** Saves while an epoch of the training runs. */
        void watch(RankTrainer trainer, int epoch) {
            if (writer != null) {
                trainer.checkpointEvery(everySteps, rank -> save(rank, epoch));
            }
        }

        /** Saves a training that is over, unless its last step is saved. */
        void finish(RankTrainer trainer, int epochs) {
            if (writer != null && trainer.stepCount() != lastStep) {
                save(trainer, epochs);
            }
        }

        private void save(RankTrainer trainer, int epoch) {
            if (writer != null) {
                Checkpoint checkpoint = trainer.checkpoint(Map.of(EPOCH, Integer.toString(epoch)));
                lastStep = checkpoint.snapshot().step();
                writer.submit(checkpoint);
            }
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.close();
            }
        }
    }
}
