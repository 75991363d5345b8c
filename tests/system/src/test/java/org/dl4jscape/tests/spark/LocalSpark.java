package org.dl4jscape.tests.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.Repartition;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.nd4j.linalg.dataset.DataSet;

/** The Spark context that all tests of this JVM share. */
public final class LocalSpark {
    private LocalSpark() {}

    /** {@code local[2]}; Spark itself stops it when the JVM ends. */
    public static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate(new SparkConf()
                .setMaster("local[2]")
                .setAppName("scape-system-tests")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.barrier.sync.timeout", "60s")));
    }

    /** Ends the shared context, for a test that starts its own; the next {@link #context()} starts a new one. */
    public static void stop() {
        context().close();
    }

    /** Two ranks over Aeron UDP; partitions stay as they are. */
    public static ScapeTrainingMaster.Builder overAeron(int batchSize) {
        return new ScapeTrainingMaster.Builder(batchSize)
                .ranks(2)
                .config(Problem.sparse())
                .transport("aeron")
                .bindAddress("127.0.0.1")
                .repartitionData(Repartition.Never);
    }

    /** Partition r holds what a {@code ScapeTrainer} of two ranks would deal to rank r. */
    public static JavaRDD<DataSet> dealt(List<DataSet> batches) {
        return dealt(context(), batches);
    }

    /** The same in a context of the caller's. */
    public static JavaRDD<DataSet> dealt(JavaSparkContext context, List<DataSet> batches) {
        List<DataSet> all = new ArrayList<>(Problem.dealt(batches, 0, 2));
        all.addAll(Problem.dealt(batches, 1, 2));
        return context.parallelize(all, 2);
    }
}
