package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four ranks on two pretended machines; the logs of the drivers tell by which way a peer comes. */
class MixedWaysTest {
    private static final int WORLD_SIZE = 4;

    @TempDir
    Path folder;

    @Test
    void shouldUseSharedMemoryInsideAMachineAndUdpBetweenMachines() throws Exception {
        List<Collectives> ranks = LoopbackGroup.connect(WORLD_SIZE, rank -> new AeronTransport.Context()
                .ways(AeronTransport.Ways.MIXED)
                .hostId("machine-" + rank / 2)
                .directory(folder.toString()));
        try (Stream<Path> drivers = Files.list(folder)) {
            for (Path driver : drivers.toList()) {
                assertEquals(2, logs(driver.resolve("images")), "from the two ranks of the other machine, by UDP");
                assertEquals(3, logs(driver.resolve("publications")), "to those two, and from the rank beside");
            }
        }
        float[][] values = new float[WORLD_SIZE][20_000];
        List<Thread> threads = new ArrayList<>();
        for (Collectives rank : ranks) {
            int me = rank.group().rank();
            Arrays.fill(values[me], 5000 * me, 5000 * me + 5000, me + 1);
            threads.add(new Thread(() -> {
                rank.allGather(values[me], new int[] {0, 5000, 10_000, 15_000, 20_000}, WirePrecision.FP32);
                rank.close();
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
            assertFalse(thread.isAlive());
        }
        for (float[] gathered : values) {
            assertArrayEquals(values[0], gathered);
            assertEquals(4f, gathered[19_999]);
        }
    }

    private static long logs(Path parent) throws Exception {
        try (Stream<Path> files = Files.list(parent)) {
            return files.count();
        }
    }
}
