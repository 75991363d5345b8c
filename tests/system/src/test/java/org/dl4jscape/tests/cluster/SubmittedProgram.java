package org.dl4jscape.tests.cluster;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.spark.LocalSpark;
import org.nd4j.linalg.dataset.DataSet;

/** Two epochs wherever it is submitted to; every setting comes from outside. */
public final class SubmittedProgram {
    private SubmittedProgram() {}

    /** See the class. */
    public static void main(String[] args) {
        try (JavaSparkContext context = new JavaSparkContext(new SparkConf())) {
            List<Long> processes = LocalCluster.processes(context);
            System.out.println("master=" + context.master());
            System.out.println("executors=" + processes.stream().distinct().count());
            ScapeTrainingMaster master = LocalSpark.overAeron(8).build();
            SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, Problem.multiLayer(), master);
            JavaRDD<DataSet> rdd =
                    LocalSpark.dealt(context, Problem.batches(ClusterProgram.BATCHES, 8, ClusterProgram.SEED));
            spark.fit(rdd);
            spark.fit(rdd);
            System.out.println("sha256=" + master.lastResults().get(0).parametersSha256());
            System.out.println("sha256OfRank1=" + master.lastResults().get(1).parametersSha256());
        }
        System.exit(0);
    }
}
