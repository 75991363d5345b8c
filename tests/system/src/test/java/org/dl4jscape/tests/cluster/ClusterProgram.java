package org.dl4jscape.tests.cluster;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.spark.LocalSpark;
import org.nd4j.linalg.dataset.DataSet;

/** Two epochs on a cluster of two executors, each a JVM of its own; prints digests, process ids and a refusal. */
public final class ClusterProgram {
    static final int BATCHES = 20;
    static final long SEED = 61;

    private ClusterProgram() {}

    /** See the class. */
    public static void main(String[] args) {
        try (JavaSparkContext context = LocalCluster.start("scape-cluster")) {
            List<Long> processes = LocalCluster.processes(context);
            System.out.println("executors=" + processes.stream().distinct().count());
            System.out.println("driverTakesPart="
                    + processes.contains(ProcessHandle.current().pid()));
            train(context);
        }
        System.exit(0);
    }

    private static void train(JavaSparkContext context) {
        ScapeTrainingMaster master = LocalSpark.overAeron(8).build();
        MultiLayerNetwork network = Problem.multiLayer();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, network, master);
        JavaRDD<DataSet> rdd = LocalSpark.dealt(context, Problem.batches(BATCHES, 8, SEED));
        spark.fit(rdd);
        spark.fit(rdd);
        System.out.println("sha256=" + master.lastResults().get(0).parametersSha256());
        System.out.println("sha256OfRank1=" + master.lastResults().get(1).parametersSha256());
        context.sc().conf().set("spark.dynamicAllocation.enabled", "true");
        try {
            spark.fit(rdd);
            System.out.println("refusal=none");
        } catch (IllegalStateException e) {
            System.out.println("refusal=" + e.getMessage());
        }
    }
}
