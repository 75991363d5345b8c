package org.dl4jscape.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers at once what a barrier stage would only complain about after minutes, or never. */
final class ClusterCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCheck.class);

    private ClusterCheck() {}

    /** Number of tasks that can run at the same time, now. */
    static int slots(SparkContext context) {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }

    /** How many ranks there are to be; 0 asked for: as many as can run now, at least one. */
    static int ranks(SparkContext context, int asked) {
        return asked == 0 ? Math.max(1, slots(context)) : asked;
    }

    /** Throws where the cluster cannot run the ranks at the same time. */
    static void require(SparkContext context, int ranks) {
        SparkConf conf = context.getConf();
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false) && !context.isLocal()) {
            throw new IllegalStateException(
                    "spark.dynamicAllocation.enabled=true (expected: false), since all ranks must run"
                            + " at the same time; switch it off and set spark.executor.instances");
        }
        if (conf.getBoolean("spark.speculation", false)) {
            throw new IllegalStateException(
                    "spark.speculation=true (expected: false), since a second copy of a rank would"
                            + " break the group; switch it off");
        }
        int slots = slots(context);
        if (slots < ranks) {
            throw new IllegalStateException("ranks=" + ranks + " (expected: <= " + slots
                    + ", the task slots that Spark has now); use fewer ranks, or more executors or cores");
        }
        if (!conf.contains("spark.barrier.sync.timeout")) {
            LOG.warn(
                    "spark.barrier.sync.timeout is not set, and Spark's default is 365 days; set it to 60s, say, so that"
                            + " a rank that never starts is reported");
        }
    }

    /** Throws where there are fewer elements than ranks. */
    static void requireElements(JavaRDD<?> data, int ranks) {
        int found = data.map(element -> 1).take(ranks).size();
        if (found < ranks) {
            throw new IllegalArgumentException("the RDD has " + found + " elements (expected: >= ranks=" + ranks
                    + "); use fewer ranks or smaller DataSets");
        }
    }
}
