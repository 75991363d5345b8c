package org.dl4jscape.tests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.JavaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Two executors in JVMs of their own give what two threads give. */
@Tag("slow")
@Tag("spark")
class LocalClusterTest {
    @TempDir
    Path folder;

    @Test
    void shouldGiveTheSameBitsOnAClusterAsOnThreads() throws Exception {
        List<DataSet> data = Problem.batches(ClusterProgram.BATCHES, 8, ClusterProgram.SEED);
        String threads = ScapeTrainer.builder()
                .ranks(2)
                .config(Problem.sparse())
                .build()
                .fit(Problem.multiLayer(), epoch -> data.iterator(), 2)
                .parametersSha256()
                .get(0);
        try (JavaProcess program = LocalCluster.run(ClusterProgram.class, folder)) {
            assertEquals(0, program.awaitExit(Duration.ofMinutes(5)), program.output());
            assertEquals("2", program.value("executors"));
            assertEquals("false", program.value("driverTakesPart"));
            assertEquals(threads, program.value("sha256"));
            assertEquals(threads, program.value("sha256OfRank1"));
            assertEquals(
                    "spark.dynamicAllocation.enabled=true (expected: false), since all ranks must run at the same time;"
                            + " switch it off and set spark.executor.instances",
                    program.value("refusal"));
        }
    }
}
