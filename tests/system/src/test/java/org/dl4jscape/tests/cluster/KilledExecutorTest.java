package org.dl4jscape.tests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.JavaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** An executor that is killed costs the steps since the last checkpoint and nothing else: same bits, every example once. */
@Tag("slow")
@Tag("spark")
class KilledExecutorTest {
    @TempDir
    Path folder;

    @Test
    void shouldGoOnFromTheCheckpointAndEndWithTheBitsOfARunWithoutALoss() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int steps = KilledExecutorProgram.BATCHES / 2 * KilledExecutorProgram.FITS;
        int victim = random.nextInt(2);
        int step = 4 + random.nextInt(steps - 5);
        String name = "seed " + seed + ": rank " + victim + " killed after step " + step;
        List<DataSet> data = Problem.batches(KilledExecutorProgram.BATCHES, 8, KilledExecutorProgram.SEED);
        String whole = ScapeTrainer.builder()
                .ranks(2)
                .config(Problem.sparse())
                .build()
                .fit(Problem.multiLayer(), epoch -> data.iterator(), KilledExecutorProgram.FITS)
                .parametersSha256()
                .get(0);
        try (JavaProcess program =
                LocalCluster.run(KilledExecutorProgram.class, folder, folder.toString(), "" + victim, "" + step)) {
            assertEquals(0, program.awaitExit(Duration.ofMinutes(8)), () -> name + "\n" + program.output());
            assertTrue(Files.exists(folder.resolve("killed")), "nobody was killed; " + name);
            long killed = Long.parseLong(Files.readString(folder.resolve("killed")));
            assertFalse(ProcessHandle.of(killed).map(ProcessHandle::isAlive).orElse(false), name);
            assertEquals(whole, program.value("sha256"), name);
            assertEquals(whole, program.value("sha256OfRank1"), name);
            assertEquals(Integer.toString(steps), program.value("iterations"), name);
            System.out.println(name + "; the same parameters: " + whole);
        }
    }
}
