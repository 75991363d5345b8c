package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointReader;
import org.dl4jscape.core.checkpoint.CheckpointWriter;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.nd4j.linalg.dataset.DataSet;

/** Trains with {@link RankTrainer} itself, a thread a rank, from a checkpoint of each rank or from the start. */
final class Checkpoints {
    private static final long TIMEOUT_NS = Duration.ofSeconds(60).toNanos();

    private Checkpoints() {}

    /** What the ranks leave: the digest that all agree on, and a checkpoint of each, in rank order. */
    record Left(String sha256, List<Checkpoint> checkpoints) {}

    /** Epochs [from, to), each on the same batches; the networks are new ones. */
    static Left train(
            Supplier<Model> networks,
            ScapeConfig config,
            int ranks,
            List<Checkpoint> start,
            List<DataSet> data,
            int to) {
        InProcessGroup group = new InProcessGroup(ranks, TIMEOUT_NS);
        List<Model> replicas = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            replicas.add(networks.get());
        }
        List<Left> left = new RankThreads(ranks, Duration.ofSeconds(60)).run(rank -> {
            try (RankTrainer trainer = RankTrainer.join(
                    replicas.get(rank),
                    config,
                    group.collectives(rank),
                    KernelsSelection.byName("vector"),
                    List.of())) {
                if (!start.isEmpty()) {
                    trainer.resume(start.get(rank));
                }
                for (int epoch = NetworkType.epochCount(replicas.get(rank)); epoch < to; epoch++) {
                    trainer.fitEpoch(new BatchDealer(data.iterator(), ranks).of(rank));
                }
                return new Left(trainer.parametersSha256(), List.of(throughBytes(trainer.checkpoint(Map.of()))));
            }
        });
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Left rank : left) {
            assertEquals(left.get(0).sha256(), rank.sha256(), "replicas");
            checkpoints.addAll(rank.checkpoints());
        }
        return new Left(left.get(0).sha256(), checkpoints);
    }

    private static Checkpoint throughBytes(Checkpoint checkpoint) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CheckpointWriter.write(bytes, checkpoint);
            return CheckpointReader.read("of a test", new ByteArrayInputStream(bytes.toByteArray()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
