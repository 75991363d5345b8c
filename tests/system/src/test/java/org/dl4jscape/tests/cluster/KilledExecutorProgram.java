package org.dl4jscape.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.step.StepStats;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.spark.LocalSpark;
import org.dl4jscape.tests.support.faults.Signal;
import org.nd4j.linalg.dataset.DataSet;

/** Two epochs, during which one executor's JVM gets a SIGKILL; arguments: a folder, the rank and the step of the kill. */
public final class KilledExecutorProgram {
    static final int BATCHES = 40;
    static final int FITS = 2;
    static final long SEED = 62;

    private KilledExecutorProgram() {}

    /** See the class. */
    public static void main(String[] args) {
        String folder = args[0];
        int victim = Integer.parseInt(args[1]);
        int step = Integer.parseInt(args[2]);
        try (JavaSparkContext context = LocalCluster.start("scape-killed-executor")) {
            System.out.println("executors="
                    + LocalCluster.processes(context).stream().distinct().count());
            ScapeTrainingMaster master = LocalSpark.overAeron(8)
                    .checkpoints(
                            CheckpointPolicy.in(Path.of(folder, "checkpoints")).every(3))
                    .stepListener(rank -> List.of(stats -> killOnce(folder, rank == victim, stats, step)))
                    .build();
            MultiLayerNetwork network = Problem.multiLayer();
            SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, network, master);
            JavaRDD<DataSet> rdd = LocalSpark.dealt(context, Problem.batches(BATCHES, 8, SEED));
            for (int fit = 0; fit < FITS; fit++) {
                spark.fit(rdd);
            }
            // Of its own line, since what Spark says of a lost executor may end without one.
            System.out.println();
            System.out.println("sha256=" + master.lastResults().get(0).parametersSha256());
            System.out.println("sha256OfRank1=" + master.lastResults().get(1).parametersSha256());
            System.out.println("iterations=" + network.getIterationCount());
            System.out.println("score=" + network.score());
        }
        System.exit(0);
    }

    /** Every rank notes its steps; the victim kills its own JVM, the first time that it gets there. */
    private static void killOnce(String folder, boolean victim, StepStats stats, int step) {
        if (!victim || stats.step() != step) {
            return;
        }
        long process = ProcessHandle.current().pid();
        try {
            Files.writeString(Files.createFile(Path.of(folder, "killed")), Long.toString(process));
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Signal.KILL.send(process);
    }
}
