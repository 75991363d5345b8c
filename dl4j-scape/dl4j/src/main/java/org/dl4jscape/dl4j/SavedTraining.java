package org.dl4jscape.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.checkpoint.Resharding;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.RankSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a training goes on from: the newest checkpoint of a folder, for every rank. Read before any rank starts. */
public final class SavedTraining {
    private static final Logger LOG = LoggerFactory.getLogger(SavedTraining.class);

    private final List<Checkpoint> ranks;

    private SavedTraining(List<Checkpoint> ranks) {
        this.ranks = List.copyOf(ranks);
    }

    /** Nothing: the training begins. */
    public static SavedTraining none() {
        return new SavedTraining(List.of());
    }

    /**
     * Looks into the folder; what was taken after the newest complete checkpoint is deleted.
     *
     * @param policy where, and whether to go on
     * @param network that is to be trained
     * @param config it is to be trained with
     * @param worldSize number of ranks to go on with; another one than before is dealt the same state
     * @throws IllegalArgumentException when it has checkpoints of another network or configuration, or has some although the
     *     training is to start anew
     * @throws UncheckedIOException when it cannot be read
     */
    public static SavedTraining open(CheckpointPolicy policy, Model network, ScapeConfig config, int worldSize) {
        return open(policy, ModelBridge.of(network), config, worldSize);
    }

    static SavedTraining open(CheckpointPolicy policy, ModelBridge model, ScapeConfig config, int worldSize) {
        CheckpointFolder folder = new CheckpointFolder(policy.folder());
        try {
            Optional<CheckpointFolder.Saved> latest = folder.latest();
            if (latest.isEmpty()) {
                return new SavedTraining(List.of());
            }
            CheckpointFolder.Saved saved = latest.get();
            if (!policy.resumes()) {
                throw new IllegalArgumentException("checkpoints: " + policy.folder() + " has some already, up to step "
                        + saved.step() + " (expected: none); call resume() to go on, or choose another folder");
            }
            List<Checkpoint> found = folder.read(saved);
            ParameterLayout layout = model.layout(config).parameters();
            found.forEach(checkpoint -> checkpoint.requireMatch(layout.fingerprint(), config.digest()));
            folder.forgetAfter(saved.step());
            LOG.info("going on from step {} in {}", saved.step(), policy.folder());
            return new SavedTraining(fitted(found, layout, config, worldSize));
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
    public int firstEpoch() {
        return ranks.isEmpty() ? 0 : CheckpointSaver.epoch(ranks.get(0));
    }

    /** A checkpoint of every rank, in rank order; empty when the training begins. */
    public List<Checkpoint> ranks() {
        return ranks;
    }

    /** Gives one rank its state back, if there is one. */
    void restore(RankTrainer trainer, int rank) {
        if (!ranks.isEmpty()) {
            trainer.resume(ranks.get(rank));
        }
    }
}
