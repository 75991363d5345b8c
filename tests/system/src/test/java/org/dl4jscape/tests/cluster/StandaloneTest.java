package org.dl4jscape.tests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
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
        int port = freePort();
        String address = "spark://127.0.0.1:" + port;
        try (JavaProcess master = LocalCluster.run(
                "master", Master.class, folder, "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0")) {
            master.await("the master's port", PATIENCE, () -> isOpen(port));
            try (JavaProcess first = worker("worker-1", address);
                    JavaProcess second = worker("worker-2", address)) {
                assertTrue(
                        first.handle().isAlive() && second.handle().isAlive(), () -> first.output() + second.output());
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
