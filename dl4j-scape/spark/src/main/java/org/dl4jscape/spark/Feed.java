package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.datavec.spark.util.BroadcastHadoopConfigHolder;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.data.loader.RemoteFileSourceFactory;
import org.nd4j.common.loader.Loader;

/**
 * The data of one fit on its way to the ranks, one partition each; made anew for every run of the stage, and always the same.
 *
 * @param context where it is
 * @param worldSize number of ranks
 * @param repartition whether partitions stay as they are
 */
record Feed(JavaSparkContext context, int worldSize, Repartition repartition) {
    /** Elements of an RDD: data sets, or paths. */
    <T> JavaRDD<T> elements(JavaRDD<T> data) {
        ClusterCheck.requireElements(data, worldSize);
        return Dealing.deal(data, worldSize, repartition);
    }

    /** What a loader makes of the files, each read where and when it is trained on. */
    JavaRDD<Object> paths(JavaRDD<String> paths, Loader<?> loader) {
        return elements(paths)
                .map(new PathLoader(loader, new RemoteFileSourceFactory(BroadcastHadoopConfigHolder.get(context))));
    }

    /** Files that Deeplearning4j has exported, by name, since nobody says in which order a folder is listed. */
    JavaRDD<Object> exported(JavaRDD<String> exported, Loader<?> loader) {
        List<String> names = new ArrayList<>(exported.collect());
        Collections.sort(names);
        return paths(context.parallelize(names, worldSize), loader);
    }
}
