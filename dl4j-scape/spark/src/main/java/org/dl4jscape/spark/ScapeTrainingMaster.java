package org.dl4jscape.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.BaseTrainingMaster;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.RankTrainer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * Trains a Spark network by SCAPE: one {@code fit(rdd)} is one epoch, run as one barrier stage with a task per rank.
 *
 * <p>After {@code fit} the driver's network holds the parameters that all ranks agree on (their SHA-256 is compared), the
 * last step's loss and the iteration count; its own updater state is left as it was.
 *
 * <p>Residual, moments and masks are carried from one {@code fit} to the next, through the driver (some 12 bytes a parameter
 * and rank, so {@code spark.driver.maxResultSize} must allow it), as long as network, configuration and number of ranks stay
 * the same and nobody changes the parameters between; otherwise they start anew, with a warning.
 *
 * <p>A lost task fails the job; nothing is retried. Not thread-safe; used on the driver.
 */
@JsonIgnoreProperties({
    "stats",
    "listeners",
    "iterationCount",
    "rng",
    "lastExportedRDDId",
    "lastRDDExportPath",
    "trainingMasterUID",
    "statsStorage",
    "broadcastHadoopConfig"
})
public final class ScapeTrainingMaster extends BaseTrainingMaster<ScapeTrainingResult, ScapeTrainingWorker> {
    private static final Logger LOG = LoggerFactory.getLogger(ScapeTrainingMaster.class);

    private int ranks;
    private ConfigForm config = ConfigForm.of(ScapeConfig.builder().build());
    private String transport = "aeron";
    private TreeMap<String, String> transportProperties = new TreeMap<>();
    private String kernels = "auto";
    private long timeoutNs;
    private String bindAddress = "";

    @JsonIgnore
    private StepListenerFactory stepListeners = rank -> List.of();

    @JsonIgnore
    private List<ScapeTrainingResult> lastResults = List.of();

    @JsonIgnore
    private Fits fits = new Fits(null);

    /** For JSON. */
    private ScapeTrainingMaster() {}

    private ScapeTrainingMaster(Builder builder) {
        ranks = builder.ranks;
        batchSizePerWorker = builder.batchSize;
        config = ConfigForm.of(builder.config.build());
        transport = builder.transport;
        transportProperties = new TreeMap<>(builder.transportProperties);
        kernels = builder.kernels;
        timeoutNs = builder.timeout.toNanos();
        bindAddress = builder.bindAddress;
        stepListeners = builder.stepListeners;
        fits = new Fits(builder.checkpoints);
        repartition = builder.repartition;
        rddTrainingApproach = RDDTrainingApproach.Direct;
    }

    /**
     * The master that {@link #toJson} wrote; step listeners and checkpoints are not part of it.
     *
     * @throws UncheckedIOException when the text is none
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static ScapeTrainingMaster fromJson(String json) {
        return read(getJsonMapper(), json);
    }

    /** The master that {@link #toYaml} wrote; as {@link #fromJson}. */
    public static ScapeTrainingMaster fromYaml(String yaml) {
        return read(getYamlMapper(), yaml);
    }

    private static ScapeTrainingMaster read(ObjectMapper mapper, String text) {
        try {
            ScapeTrainingMaster master = mapper.readValue(text, ScapeTrainingMaster.class);
            master.check();
            return master;
        } catch (IOException e) {
            throw new UncheckedIOException("not a ScapeTrainingMaster: " + e.getMessage(), e);
        }
    }

    private void check() {
        config.toConfig();
        requireAtLeast("batchSizePerWorker", batchSizePerWorker, 1);
        requireAtLeast("ranks", ranks, 0);
        requireAtLeast("timeoutNs", timeoutNs, 1);
    }

    private static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: >= " + least + ")");
        }
    }

    @Override
    public String toJson() {
        return write(getJsonMapper());
    }

    @Override
    public String toYaml() {
        return write(getYamlMapper());
    }

    private String write(ObjectMapper mapper) {
        try {
            return mapper.writeValueAsString(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The algorithm's configuration. */
    public ScapeConfig config() {
        return config.toConfig();
    }

    /** What each rank handed back from the last fit, in rank order; empty before the first. */
    public List<ScapeTrainingResult> lastResults() {
        return lastResults;
    }

    @Override
    public ScapeTrainingWorker getWorkerInstance(SparkDl4jMultiLayer network) {
        return worker(network.getNetwork(), ranksOf(network.getSparkContext().sc()));
    }

    @Override
    public ScapeTrainingWorker getWorkerInstance(SparkComputationGraph network) {
        return worker(network.getNetwork(), ranksOf(network.getSparkContext().sc()));
    }

    private ScapeTrainingWorker worker(MultiLayerNetwork net, int worldSize) {
        NetBroadcastTuple tuple = new NetBroadcastTuple(
                net.getLayerWiseConfigurations().clone(), net.params().unsafeDuplication(), null);
        return new ScapeTrainingWorker(
                tuple, net.getIterationCount(), net.getEpochCount(), plan(worldSize), fits.carried());
    }

    private ScapeTrainingWorker worker(ComputationGraph net, int worldSize) {
        NetBroadcastTuple tuple = new NetBroadcastTuple(
                net.getConfiguration().clone(), net.params().unsafeDuplication(), null);
        return new ScapeTrainingWorker(
                tuple, net.getIterationCount(), net.getEpochCount(), plan(worldSize), fits.carried());
    }

    private RankPlan plan(int worldSize) {
        return new RankPlan(
                worldSize,
                batchSizePerWorker,
                config,
                transport,
                transportProperties,
                kernels,
                timeoutNs,
                bindAddress,
                stepListeners,
                fits.policy(),
                fits.next());
    }

    private int ranksOf(SparkContext context) {
        return ranks == 0 ? Math.max(1, ClusterCheck.slots(context)) : ranks;
    }

    @Override
    public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
        MultiLayerNetwork net = network.getNetwork();
        JavaSparkContext context = network.getSparkContext();
        RankTrainer.requireTrainable(net, config());
        if (!fits.begin(net, config(), ranksOf(context.sc()))) {
            return;
        }
        ScapeTrainingResult result = run(context, getWorkerInstance(network), data);
        net.params().assign(flat(result));
        net.setIterationCount(result.iterationCount());
        net.setScore(result.score());
        network.setScore(result.score());
    }

    @Override
    public void executeTraining(SparkComputationGraph network, JavaRDD<DataSet> data) {
        executeGraph(network, data);
    }

    @Override
    public void executeTrainingMDS(SparkComputationGraph network, JavaRDD<MultiDataSet> data) {
        executeGraph(network, data);
    }

    private void executeGraph(SparkComputationGraph network, JavaRDD<?> data) {
        ComputationGraph net = network.getNetwork();
        RankTrainer.requireTrainable(net, config());
        if (!fits.begin(net, config(), ranksOf(network.getSparkContext().sc()))) {
            return;
        }
        ScapeTrainingResult result = run(network.getSparkContext(), getWorkerInstance(network), data);
        net.params().assign(flat(result));
        net.getConfiguration().setIterationCount(result.iterationCount());
        net.setScore(result.score());
        network.setScore(result.score());
    }

    private static INDArray flat(ScapeTrainingResult result) {
        return Nd4j.createFromArray(result.parameters()).reshape(1, result.parameters().length);
    }

    /** Runs one epoch and returns rank 0's result. */
    private <T> ScapeTrainingResult run(JavaSparkContext context, ScapeTrainingWorker worker, JavaRDD<T> data) {
        int worldSize = ranksOf(context.sc());
        ClusterCheck.require(context.sc(), worldSize);
        ClusterCheck.requireElements(data, worldSize);
        int before = fits.carried().length;
        if (before > 0 && before != worldSize) {
            LOG.warn("{} ranks, where the last fit had {}; optimizer state starts anew", worldSize, before);
        }
        JavaRDD<T> dealt = deal(data, worldSize);
        Broadcast<ScapeTrainingWorker> broadcast = context.broadcast(worker);
        try {
            Object collected = dealt.rdd()
                    .barrier()
                    .mapPartitions(new RankTask<>(broadcast), false, ClassTag$.MODULE$.apply(ScapeTrainingResult.class))
                    .collect();
            ScapeTrainingResult[] results = (ScapeTrainingResult[]) collected;
            Arrays.sort(results, Comparator.comparingInt(ScapeTrainingResult::rank));
            requireEqualReplicas(results);
            lastResults = List.of(results);
            fits.done(
                    Arrays.stream(results).map(ScapeTrainingResult::checkpoint).toArray(byte[][]::new));
            return results[0];
        } finally {
            broadcast.destroy();
        }
    }

    private <T> JavaRDD<T> deal(JavaRDD<T> data, int worldSize) {
        if (repartition == Repartition.Always
                || repartition == Repartition.NumPartitionsWorkersDiffers && data.getNumPartitions() != worldSize) {
            return data.repartition(worldSize);
        }
        if (data.getNumPartitions() != worldSize) {
            throw new IllegalArgumentException(
                    "the RDD has " + data.getNumPartitions() + " partitions (expected: ranks=" + worldSize
                            + "), and repartition is Never; repartition it, or use Repartition.Always");
        }
        return data;
    }

    private static void requireEqualReplicas(ScapeTrainingResult[] results) {
        for (ScapeTrainingResult result : results) {
            if (!result.parametersSha256().equals(results[0].parametersSha256())) {
                throw new IllegalStateException("the replica of rank " + result.rank() + " (SHA-256 "
                        + result.parametersSha256() + ") differs from that of rank 0 (" + results[0].parametersSha256()
                        + "); the driver's network was left as it was");
            }
        }
    }

    @Override
    public void executeTrainingPaths(
            @Nullable SparkDl4jMultiLayer network,
            @Nullable SparkComputationGraph graph,
            JavaRDD<String> paths,
            @Nullable DataSetLoader loader,
            @Nullable MultiDataSetLoader multiLoader) {
        throw new UnsupportedOperationException(
                "ScapeTrainingMaster does not train from paths; load them with rdd.map(..) and call fit(JavaRDD<DataSet>)");
    }

    @Override
    public void addHook(TrainingHook hook) {
        throw new UnsupportedOperationException(
                "ScapeTrainingMaster runs no training hooks; use Builder.stepListener(..)");
    }

    @Override
    public void removeHook(TrainingHook hook) {
        throw new UnsupportedOperationException(
                "ScapeTrainingMaster runs no training hooks, so there is none to remove");
    }

    @Override
    public void setCollectTrainingStats(boolean collect) {
        if (collect) {
            throw new UnsupportedOperationException("ScapeTrainingMaster collects no Spark training stats;"
                    + " use lastResults() and Builder.stepListener(..)");
        }
    }

    @Override
    public boolean getIsCollectTrainingStats() {
        return false;
    }

    @Override
    public @Nullable SparkTrainingStats getTrainingStats() {
        return null;
    }

    @Override
    public void setListeners(@Nullable Collection<TrainingListener> added) {
        if (added != null && !added.isEmpty()) {
            throw new UnsupportedOperationException(
                    "ScapeTrainingMaster calls no training listeners on ranks; use Builder.stepListener(..)");
        }
    }

    @Override
    public void setListeners(@Nullable StatsStorageRouter router, @Nullable Collection<TrainingListener> added) {
        setListeners(added);
    }

    /** Collects the choices. Not thread-safe. */
    public static final class Builder {
        private final int batchSize;
        private int ranks;
        private ScapeConfig.Builder config = ScapeConfig.builder();
        private String transport = "aeron";
        private final TreeMap<String, String> transportProperties = new TreeMap<>();
        private String kernels = "auto";
        private Duration timeout = Duration.ofSeconds(60);
        private String bindAddress = "";
        private Repartition repartition = Repartition.Always;
        private StepListenerFactory stepListeners = rank -> List.of();
        private @Nullable CheckpointPolicy checkpoints;

        /**
         * A builder with every default.
         *
         * @param batchSizePerWorker examples in one rank's batch, at least 1
         */
        public Builder(int batchSizePerWorker) {
            if (batchSizePerWorker < 1) {
                throw new IllegalArgumentException("batchSizePerWorker=" + batchSizePerWorker + " (expected: >= 1)");
            }
            batchSize = batchSizePerWorker;
        }

        /** Number of ranks, at least 1; default: all task slots of the cluster. */
        public Builder ranks(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("ranks=" + value + " (expected: >= 1)");
            }
            ranks = value;
            return this;
        }

        /** The whole configuration; replaces what was chosen before. */
        public Builder config(ScapeConfig value) {
            config = value.toBuilder();
            return this;
        }

        /** Fraction of coordinates that travel, in (0, 1]. */
        public Builder density(double value) {
            config.density(value);
            return this;
        }

        /** The other way to say it: {@code sparsity(0.99)} is {@code density(0.01)}. */
        public Builder sparsity(double value) {
            config.sparsity(value);
            return this;
        }

        /** Dense steps at the start, at least 1. */
        public Builder warmupSteps(int value) {
            config.warmupSteps(value);
            return this;
        }

        /** What a coordinate is given for missed updates. */
        public Builder catchUp(CatchUp value) {
            config.catchUp(value);
            return this;
        }

        /** Name of a transport; default {@code aeron}. */
        public Builder transport(String value) {
            transport = Objects.requireNonNull(value, "transport");
            return this;
        }

        /**
         * A setting that only the transport knows, such as {@code directory} or {@code termBufferLength} of {@code aeron}; default
         * none. Ranks refuse unknown names and bad values before training.
         */
        public Builder transportProperty(String name, String value) {
            transportProperties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Name of kernels; default {@code auto}. */
        public Builder kernels(String value) {
            kernels = Objects.requireNonNull(value, "kernels");
            return this;
        }

        /** Deadline of every single wait for another rank, above 0; default 60 s. */
        public Builder timeout(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("timeout=" + value + " (expected: > 0)");
            }
            timeout = value;
            return this;
        }

        /** Address that ranks listen on; default: the one under which Spark knows the executor. */
        public Builder bindAddress(String value) {
            bindAddress = Objects.requireNonNull(value, "bindAddress");
            return this;
        }

        /**
         * Saves the training in a folder that driver and executors share, and lets a program that was stopped be run again:
         * complete fits are passed over, and the one that was under way goes on, if its RDD has the same partitions in the
         * same order (cut it yourself and use {@code Repartition.Never}). Default: neither.
         */
        public Builder checkpoints(CheckpointPolicy value) {
            checkpoints = Objects.requireNonNull(value, "checkpoints");
            return this;
        }

        /** When the RDD is dealt anew to one partition a rank; default always. */
        public Builder repartitionData(Repartition value) {
            repartition = Objects.requireNonNull(value, "repartition");
            return this;
        }

        /** Step listeners by rank; default none. */
        public Builder stepListener(StepListenerFactory value) {
            stepListeners = Objects.requireNonNull(value, "stepListeners");
            return this;
        }

        /**
         * The master.
         *
         * @throws IllegalArgumentException when a value of the configuration is out of its range or contradicts another
         */
        public ScapeTrainingMaster build() {
            return new ScapeTrainingMaster(this);
        }
    }
}
