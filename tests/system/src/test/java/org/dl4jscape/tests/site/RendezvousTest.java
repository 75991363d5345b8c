package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.AeronTransport;
import org.dl4jscape.aeron.rendezvous.RendezvousHost;
import org.dl4jscape.aeron.rendezvous.TcpRendezvous;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the transport's page that are about the rendezvous, run as they stand. */
class RendezvousTest {
    private static final int RANKS = 2;

    @TempDir
    Path folder;

    private static float[] train(Collectives peers) {
        float[] values = {peers.group().rank() == 0 ? 7 : 0, peers.group().rank() == 1 ? 8 : 0};
        peers.allGather(values, new int[] {0, 1, 2}, WirePrecision.FP32);
        peers.barrier();
        return values;
    }

    private static float[] run(int rank, String address, String secretFile) {
        SharedSecret secret = SharedSecret.ofFile(secretFile);
        // #region rank
        TcpRendezvous.Context seat = new TcpRendezvous.Context()
                .address(address) // host:port of the RendezvousHost
                .group(ProcessGroup.of(rank, RANKS))
                .secret(secret); // without it nobody proves anything
        try (TcpRendezvous rendezvous = TcpRendezvous.join(seat)) {
            while (true) {
                AeronTransport.Context context = new AeronTransport.Context().secretFile(secretFile);
                try (Collectives peers = AeronTransport.connect(rendezvous.group(), rendezvous, context)) {
                    return train(peers);
                } catch (CollectiveException lost) {
                    rendezvous.next(); // a seat among the survivors, or an exception that says why not
                }
            }
        }
        // #endregion rank
    }

    @Test
    void shouldMeetAtAHost() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "correct horse battery staple");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String secretFile = file.toString();
        ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        // #region host
        RendezvousHost.Context context = new RendezvousHost.Context()
                .bindAddress("127.0.0.1") // an address that the ranks reach
                .port(0) // any that is free; host.address() says which
                .worldSize(RANKS)
                .secret(SharedSecret.ofFile(secretFile));
        try (RendezvousHost host = RendezvousHost.listen(context)) {
            // #endregion host
            List<Future<float[]>> ranks = new ArrayList<>();
            for (int rank = 0; rank < RANKS; rank++) {
                int own = rank;
                ranks.add(threads.submit(() -> run(own, host.address(), secretFile)));
            }
            for (Future<float[]> rank : ranks) {
                assertArrayEquals(new float[] {7, 8}, rank.get(120, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
