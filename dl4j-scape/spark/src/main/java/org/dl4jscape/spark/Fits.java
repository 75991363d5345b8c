package org.dl4jscape.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointWriter;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.RankTrainer;
import org.dl4jscape.dl4j.SavedTraining;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fits of one master, in order: what the next one goes on from, and which ones a checkpoint has behind it. On the driver,
 * one thread.
 *
 * <p>A program that was stopped is simply run again: fits that were complete are passed over, and the one that was under way
 * goes on where it was saved.
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

    /** A checkpoint of every rank, format 1, in rank order; empty before the first fit. */
    byte[][] carried() {
        return carried;
    }

    /**
     * Begins a fit; the first one puts the checkpoint's parameters and iteration count into the network.
     *
     * @return whether there is something to train; if not, the fit was complete before the checkpoint
     */
    boolean begin(Model network, ScapeConfig config, int worldSize) {
        CheckpointPolicy wanted = policy;
        if (wanted != null && firstToTrain < 0) {
            SavedTraining saved = SavedTraining.open(wanted, network, config, worldSize);
            firstToTrain = saved.firstEpoch();
            if (!saved.ranks().isEmpty()) {
                takeOver(saved, network);
            }
        }
        if (next >= firstToTrain) {
            return true;
        }
        LOG.info("fit {} is passed over: the checkpoint has it behind it", next);
        next++;
        return false;
    }

    private void takeOver(SavedTraining saved, Model network) {
        Checkpoint first = saved.ranks().get(0);
        network.params().assign(Nd4j.createFromArray(first.parameters()).reshape(1, first.parameters().length));
        int iterations = RankTrainer.iterationCount(first);
        if (network instanceof MultiLayerNetwork multiLayer) {
            multiLayer.setIterationCount(iterations);
        } else {
            ((ComputationGraph) network).getConfiguration().setIterationCount(iterations);
        }
        carried = saved.ranks().stream().map(Fits::bytes).toArray(byte[][]::new);
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
