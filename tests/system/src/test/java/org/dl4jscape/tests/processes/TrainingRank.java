package org.dl4jscape.tests.processes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.dl4j.RankTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.FileRendezvous;
import org.nd4j.linalg.dataset.DataSet;

/**
 * One rank in a JVM of its own, trained over Aeron UDP.
 *
 * <p>Arguments: rank, number of ranks, folder, epochs. Writes {@code sha256=..} and ends with status 0, or {@code
 * failure=<class> <message>} and ends with status 3. A file {@code trains-<rank>} appears after its tenth step.
 */
public final class TrainingRank {
    static final int FAILED = 3;
    static final int BATCHES_PER_RANK = 12;
    static final int BATCH_SIZE = 8;
    static final long DATA_SEED = 31;

    private TrainingRank() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        int rank = Integer.parseInt(args[0]);
        int worldSize = Integer.parseInt(args[1]);
        Path folder = Path.of(args[2]);
        int epochs = Integer.parseInt(args[3]);
        List<DataSet> batches =
                Problem.dealt(Problem.batches(BATCHES_PER_RANK * worldSize, BATCH_SIZE, DATA_SEED), rank, worldSize);
        MultiLayerNetwork network = Problem.multiLayer();
        CollectivesOptions options = new CollectivesOptions(
                Duration.ofSeconds(60).toNanos(),
                "127.0.0.1",
                Map.of(
                        "peerLivenessTimeoutNs",
                        "2s",
                        "directory",
                        folder.resolve("drivers").toString()));
        try (Collectives collectives = TransportSelection.byName("aeron")
                        .connect(
                                ProcessGroup.of(rank, worldSize),
                                new FileRendezvous(folder, rank, worldSize, Duration.ofMinutes(2)),
                                options);
                RankTrainer trainer = RankTrainer.join(
                        network, Problem.sparse(), collectives, KernelsSelection.byName("auto"), List.of(stats -> {
                            if (stats.step() == 10) {
                                announce(folder.resolve("trains-" + rank));
                            }
                        }))) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                trainer.fitEpoch(batches.iterator());
            }
            System.out.println("sha256=" + trainer.parametersSha256());
            System.out.println("steps=" + trainer.stepCount());
            collectives.barrier();
        } catch (CollectiveException e) {
            System.out.println("failure=" + e.getClass().getSimpleName() + " " + e.getMessage());
            System.out.flush();
            System.exit(FAILED);
        }
        System.exit(0);
    }

    private static void announce(Path path) {
        try {
            Files.createFile(path);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
