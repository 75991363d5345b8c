package org.dl4jscape.tests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.deploy.SparkSubmit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.support.JavaProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** A program that is submitted to Spark's standalone master, which has two workers, gives what two threads give. */
@Tag("slow")
@Tag("spark")
class StandaloneTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern PORT = Pattern.compile("service 'sparkMaster' on port (\\d+)");

    @TempDir
    Path folder;

    private static String threads() {
        List<DataSet> data = Problem.batches(ClusterProgram.BATCHES, 8, ClusterProgram.SEED);
        return ScapeTrainer.builder()
                .ranks(2)
                .config(Problem.sparse())
                .build()
                .fit(Problem.multiLayer(), epoch -> data.iterator(), 2)
                .parametersSha256()
                .get(0);
    }

    private JavaProcess worker(String name, String master) throws Exception {
        return LocalCluster.run(
                name,
                Worker.class,
                folder,
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1500m",
                "--work-dir",
                folder.resolve(name).toString(),
                master);
    }

    private JavaProcess submit(String master) throws Exception {
        return LocalCluster.run(
                "submit",
                SparkSubmit.class,
                folder,
                "--master",
                master,
                "--class",
                SubmittedProgram.class.getName(),
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1",
                "--conf",
                "spark.executor.memory=1g",
                "--conf",
                "spark.cores.max=2",
                "--conf",
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "--conf",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=120s",
                "--conf",
                "spark.executor.extraClassPath=" + System.getProperty("java.class.path"),
                "--conf",
                "spark.executor.extraJavaOptions=" + String.join(" ", LocalCluster.opens()),
                "--conf",
                "spark.executorEnv.OMP_NUM_THREADS=1",
                "--conf",
                "spark.barrier.sync.timeout=120s",
                "spark-internal");
    }

    @Test
    void shouldTrainWhatIsSubmittedToAStandaloneMasterAsThreadsDo() throws Exception {
        try (JavaProcess master = LocalCluster.run(
                "master", Master.class, folder, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")) {
            master.await("the master's port", PATIENCE, () -> PORT.matcher(master.output())
                    .find());
            Matcher port = PORT.matcher(master.output());
            assertTrue(port.find(), master::output);
            String address = "spark://127.0.0.1:" + port.group(1);
            try (JavaProcess first = worker("worker-1", address);
                    JavaProcess second = worker("worker-2", address)) {
                for (JavaProcess worker : List.of(first, second)) {
                    worker.await("registration", PATIENCE, () -> worker.output()
                            .contains("Successfully registered with master"));
                }
                try (JavaProcess program = submit(address)) {
                    assertEquals(0, program.awaitExit(Duration.ofMinutes(5)), program::output);
                    assertEquals(address, program.value("master"));
                    assertEquals("2", program.value("executors"));
                    String threads = threads();
                    assertEquals(threads, program.value("sha256"));
                    assertEquals(threads, program.value("sha256OfRank1"));
                }
            }
        }
    }
}
