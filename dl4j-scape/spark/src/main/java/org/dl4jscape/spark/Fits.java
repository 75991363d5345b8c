package org.dl4jscape.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointWriter;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.RankTrainer;
import org.dl4jscape.dl4j.SavedTraining;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fits of one master, in order: what the next one goes on from, and which ones a checkpoint has behind it. On the driver,
 * one thread.
 *
 * <p>A program that was stopped is simply run again: fits that were complete are passed over, and the one that was under way
 * goes on where it was saved. A fit that lost an executor begins again in the same way, within the program.
 */
final class Fits {
    private static final Logger LOG = LoggerFactory.getLogger(Fits.class);

    private final @Nullable CheckpointPolicy policy;
    private int next;
    private int firstToTrain = -1;
    private byte[][] carried = new byte[0][];

    Fits(@Nullable CheckpointPolicy policy) {
        this.policy = policy;
    }

    @Nullable
    CheckpointPolicy policy() {
        return policy;
    }

    /** Number of the fit to come, 0 the first of the training. */
    int next() {
        return next;
    }

    /**
     * Begins a fit; the first one puts the checkpoint's parameters and iteration count into the network.
     *
     * @return whether there is something to train; if not, the fit was complete before the checkpoint
     */
    boolean begin(DriverNetwork network, ScapeConfig config, int worldSize) {
        CheckpointPolicy wanted = policy;
        if (wanted != null && firstToTrain < 0) {
            SavedTraining saved = SavedTraining.open(wanted, network.model(), config, worldSize);
            firstToTrain = saved.firstEpoch();
            if (!saved.ranks().isEmpty()) {
                network.accept(saved.ranks().get(0));
                carried = bytes(saved);
            }
        }
        if (carried.length > 0 && carried.length != worldSize) {
            LOG.warn("{} ranks, where the last fit had {}; optimizer state starts anew", worldSize, carried.length);
        }
        if (next >= firstToTrain) {
            return true;
        }
        LOG.info("fit {} is passed over: the checkpoint has it behind it", next);
        next++;
        return false;
    }

    /** Where the ranks begin: at the driver's network, with what they handed back last. */
    FitStart start(DriverNetwork network, int generation) {
        return new FitStart(
                next, generation, network.tuple(), network.iterationCount(), network.epochCount(), false, carried);
    }

    /**
     * Where the ranks begin after one of them was lost: at the newest complete checkpoint, or where the fit began if there is
     * none. The driver's network stays as it is, in case that it cannot be finished.
     */
    FitStart again(DriverNetwork network, ScapeConfig config, int worldSize, int generation) {
        if (policy == null) {
            return start(network, generation);
        }
        SavedTraining saved = SavedTraining.open(policy.resume(), network.model(), config, worldSize);
        if (saved.ranks().isEmpty() || saved.firstEpoch() < next) {
            // Also where the newest one was taken after the last step of the fit before: its position is in that fit's
            // data.
            return start(network, generation);
        }
        Checkpoint first = saved.ranks().get(0);
        return new FitStart(
                next,
                generation,
                network.tuple(DriverNetwork.row(first.parameters())),
                RankTrainer.iterationCount(first),
                network.epochCount(),
                saved.firstEpoch() > next,
                bytes(saved));
    }

    private static byte[][] bytes(SavedTraining saved) {
        return saved.ranks().stream().map(Fits::bytes).toArray(byte[][]::new);
    }

    /** Ends a fit with what each rank handed back, in rank order. */
    void done(byte[][] checkpoints) {
        carried = checkpoints;
        next++;
    }

    /** A checkpoint as it travels. */
    static byte[] bytes(Checkpoint checkpoint) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            CheckpointWriter.write(out, checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
