package org.dl4jscape.spark;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.deeplearning4j.core.loader.impl.SerializedDataSetLoader;
import org.deeplearning4j.core.loader.impl.SerializedMultiDataSetLoader;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.SparkListenable;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A way in which a user of Deeplearning4j's Spark networks can start an epoch.
 *
 * @param name as the test shows it
 * @param layers whether it is of a network of layers, not of a graph
 * @param approach for which it is
 * @param keepsOrder whether batch i goes to rank i mod ranks, as on threads, so that bits can be compared
 * @param epoch starts it
 */
record EntryPoint(String name, boolean layers, RDDTrainingApproach approach, boolean keepsOrder, Epoch epoch) {
    /** All of them. */
    static List<EntryPoint> all() {
        return List.of(
                dealt("layers rdd", true, (net, in) -> ((SparkDl4jMultiLayer) net).fit(in.rdd())),
                dealt("layers scala rdd", true, (net, in) -> ((SparkDl4jMultiLayer) net)
                        .fit(in.rdd().rdd())),
                exported("layers exported", true, (net, in) -> ((SparkDl4jMultiLayer) net).fit(in.rdd())),
                dealt("layers paths", true, (net, in) -> ((SparkDl4jMultiLayer) net).fitPaths(in.paths(false))),
                dealt("layers paths loader", true, (net, in) -> ((SparkDl4jMultiLayer) net)
                        .fitPaths(in.paths(false), new SerializedDataSetLoader())),
                shuffled("layers folder", true, (net, in) -> ((SparkDl4jMultiLayer) net).fit(in.folder(false))),
                shuffled("layers labeled points", true, (net, in) -> ((SparkDl4jMultiLayer) net)
                        .fitLabeledPoint(in.points())),
                dealt("graph rdd", false, (net, in) -> ((SparkComputationGraph) net).fit(in.rdd())),
                dealt("graph scala rdd", false, (net, in) -> ((SparkComputationGraph) net)
                        .fit(in.rdd().rdd())),
                exported("graph exported", false, (net, in) -> ((SparkComputationGraph) net).fit(in.rdd())),
                dealt("graph multi rdd", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitMultiDataSet(in.rdd().map(DataSet::toMultiDataSet))),
                exported("graph multi exported", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitMultiDataSet(in.rdd().map(DataSet::toMultiDataSet))),
                dealt("graph paths", false, (net, in) -> ((SparkComputationGraph) net).fitPaths(in.paths(false))),
                dealt("graph paths loader", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitPaths(in.paths(false), new SerializedDataSetLoader())),
                dealt("graph paths multi loader", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitPaths(in.paths(true), new SerializedMultiDataSetLoader())),
                dealt("graph multi paths", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitPathsMultiDataSet(in.paths(true))),
                shuffled("graph folder", false, (net, in) -> ((SparkComputationGraph) net).fit(in.folder(false))),
                shuffled("graph multi folder", false, (net, in) -> ((SparkComputationGraph) net)
                        .fitMultiDataSet(in.folder(true))));
    }

    private static EntryPoint dealt(String name, boolean layers, Epoch epoch) {
        return new EntryPoint(name, layers, RDDTrainingApproach.Direct, true, epoch);
    }

    /** Elements come one by one, or files in the order in which a folder is listed. */
    private static EntryPoint shuffled(String name, boolean layers, Epoch epoch) {
        return new EntryPoint(name, layers, RDDTrainingApproach.Direct, false, epoch);
    }

    private static EntryPoint exported(String name, boolean layers, Epoch epoch) {
        return new EntryPoint(name, layers, RDDTrainingApproach.Export, false, epoch);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Starts the epoch. */
    interface Epoch {
        void fit(SparkListenable network, Input input) throws Exception;
    }

    /** The same batches as an RDD and as files. */
    record Input(JavaSparkContext context, List<DataSet> batches, Path files) {
        JavaRDD<DataSet> rdd() {
            return context.parallelize(batches, 1);
        }

        JavaRDD<LabeledPoint> points() {
            List<LabeledPoint> points = new ArrayList<>();
            for (DataSet batch : batches) {
                for (int i = 0; i < batch.numExamples(); i++) {
                    points.add(new LabeledPoint(
                            batch.getLabels().getDouble(i, 1),
                            Vectors.dense(batch.getFeatures().getRow(i).toDoubleVector())));
                }
            }
            return context.parallelize(points, 3);
        }

        String folder(boolean multi) throws Exception {
            Path folder = files.resolve(multi ? "multi" : "single");
            java.nio.file.Files.createDirectories(folder);
            for (int i = 0; i < batches.size(); i++) {
                File file = folder.resolve(String.format("batch-%03d.bin", i)).toFile();
                if (multi) {
                    batches.get(i).toMultiDataSet().save(file);
                } else {
                    batches.get(i).save(file);
                }
            }
            return folder.toUri().toString();
        }

        JavaRDD<String> paths(boolean multi) throws Exception {
            String folder = folder(multi);
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < batches.size(); i++) {
                paths.add(String.format("%s/batch-%03d.bin", folder, i));
            }
            return context.parallelize(paths, 1);
        }
    }
}
