package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.aeron.AeronTransport;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.ThreadRendezvous;
import org.dl4jscape.dl4j.RankTrainer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** The snippets of the transport's page, run as they stand. */
class TransportTest {
    private static final int RANKS = 2;

    private static String train(int rank, Rendezvous rendezvous, MultiLayerNetwork replica, List<DataSet> batches) {
        ScapeConfig config = ScapeConfig.builder().warmupSteps(2).build();
        // #region rank
        AeronTransport.Context context = new AeronTransport.Context()
                .bindAddress("127.0.0.1")
                .timeoutNs(Duration.ofSeconds(30).toNanos())
                .termBufferLength(512 * 1024) // a quarter of the default
                .mtuLength(1408);
        ProcessGroup group = ProcessGroup.of(rank, RANKS);
        Kernels kernels = KernelsSelection.byName("auto");
        try (Collectives peers = AeronTransport.connect(group, rendezvous, context);
                RankTrainer trainer = RankTrainer.join(replica, config, peers, kernels, List.of())) {
            trainer.fitEpoch(batches.iterator());
            String digest = trainer.parametersSha256();
            peers.barrier(); // nobody leaves before all are done
            return digest;
        }
        // #endregion rank
    }

    @Test
    void shouldDriveRanksOverAeron() throws Exception {
        ThreadRendezvous rendezvous = new ThreadRendezvous(RANKS, TimeUnit.SECONDS.toNanos(30));
        ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        try {
            List<Future<String>> digests = new ArrayList<>();
            for (int rank = 0; rank < RANKS; rank++) {
                int own = rank;
                digests.add(threads.submit(() -> train(
                        own, rendezvous.of(own), QuickStartTest.network(), QuickStartTest.batches(6 + own, 8, own))));
            }
            assertEquals(
                    digests.get(0).get(60, TimeUnit.SECONDS), digests.get(1).get(60, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldRefuseContradictorySettings() {
        // #region refused
        AeronTransport.Context context =
                new AeronTransport.Context().mtuLength(1408).termBufferLength(32 * 1024);
        String message =
                assertThrows(IllegalArgumentException.class, context::conclude).getMessage();
        // termBufferLength=32768 (expected: 65536 <= termBufferLength <= 1073741824)
        // #endregion refused
        assertTrue(message.startsWith("termBufferLength=32768 (expected: 65536 <= termBufferLength <= 1073741824)"));
    }
}
