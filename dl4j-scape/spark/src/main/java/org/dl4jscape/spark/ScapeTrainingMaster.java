package org.dl4jscape.spark;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.loader.impl.SerializedDataSetLoader;
import org.deeplearning4j.core.loader.impl.SerializedMultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.BaseTrainingMaster;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.RankTrainer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.loader.Loader;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.databind.ObjectMapper;

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
 * <p>A fit whose executor was lost is begun again from the newest checkpoint, or from its start; a rank that raises ends the
 * training. Not thread-safe; used on the driver.
 */
@JsonIgnoreProperties({
    "stats",
    "collectTrainingStats",
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
    private int ranks;
    private ConfigForm config = ConfigForm.of(ScapeConfig.builder().build());
    private String transport = "aeron";
    private TreeMap<String, String> transportProperties = new TreeMap<>();
    private String kernels = "auto";
    private long timeoutNs;
    private String bindAddress = "";
    /** Not the base class's collectTrainingStats: with that its export asks a clock on the internet. */
    private boolean timed;

    private int maxRestarts = Restarts.BY_CHECKPOINTS;
    private long restartTimeoutNs = Builder.RESTART_TIMEOUT_DEFAULT.toNanos();

    @JsonIgnore
    private StepListenerFactory stepListeners = rank -> List.of();

    @JsonIgnore
    private List<ScapeTrainingResult> lastResults = List.of();

    @JsonIgnore
    private Fits fits = new Fits(null);

    @JsonIgnore
    private final Onlookers onlookers = new Onlookers();

    /** For JSON. */
    private ScapeTrainingMaster() {
        trainingMasterUID = UUID.randomUUID().toString();
    }

    private ScapeTrainingMaster(Builder builder) {
        this();
        ranks = builder.ranks;
        batchSizePerWorker = builder.batchSize;
        config = ConfigForm.of(builder.config.build());
        transport = builder.transport;
        transportProperties = new TreeMap<>(builder.transportProperties);
        kernels = builder.kernels;
        timeoutNs = builder.timeout.toNanos();
        bindAddress = builder.bindAddress;
        maxRestarts = builder.maxRestarts;
        restartTimeoutNs = builder.restartTimeout.toNanos();
        stepListeners = builder.stepListeners;
        fits = new Fits(builder.checkpoints);
        repartition = builder.repartition;
        rddTrainingApproach = builder.approach;
        exportDirectory = builder.exportDirectory;
        builder.hooks.forEach(onlookers::add);
        timed = builder.timed;
    }

    /**
     * The master that {@link #toJson} wrote; listeners, hooks and checkpoints are not part of it.
     *
     * @throws java.io.UncheckedIOException when the text is none
     * @throws IllegalArgumentException when a value is out of its range, or a field is unknown
     */
    public static ScapeTrainingMaster fromJson(String json) {
        return read(getJsonMapper(), json);
    }

    /** The master that {@link #toYaml} wrote; as {@link #fromJson}. */
    public static ScapeTrainingMaster fromYaml(String yaml) {
        return read(getYamlMapper(), yaml);
    }

    private static ScapeTrainingMaster read(ObjectMapper mapper, String text) {
        ScapeTrainingMaster master = new MasterForm(mapper).read(text);
        master.check();
        return master;
    }

    private void check() {
        config.toConfig();
        requireAtLeast("batchSizePerWorker", batchSizePerWorker, 1);
        requireAtLeast("ranks", ranks, 0);
        requireAtLeast("timeoutNs", timeoutNs, 1);
        requireAtLeast("maxRestarts", maxRestarts, Restarts.BY_CHECKPOINTS);
        requireAtLeast("restartTimeoutNs", restartTimeoutNs, 1);
    }

    private static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: >= " + least + ")");
        }
    }

    private static Duration requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: > 0)");
        }
        return value;
    }

    @Override
    public String toJson() {
        return new MasterForm(getJsonMapper()).write(this);
    }

    @Override
    public String toYaml() {
        return new MasterForm(getYamlMapper()).write(this);
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
        return worker(DriverNetwork.of(network));
    }

    @Override
    public ScapeTrainingWorker getWorkerInstance(SparkComputationGraph network) {
        return worker(DriverNetwork.of(network));
    }

    private ScapeTrainingWorker worker(DriverNetwork network) {
        return new ScapeTrainingWorker(
                fits.start(network, 0),
                plan(ClusterCheck.ranks(network.context().sc(), ranks)));
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
                onlookers.copies(timed));
    }

    @Override
    public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
        dataSets(DriverNetwork.of(network), data);
    }

    @Override
    public void executeTraining(SparkComputationGraph network, JavaRDD<DataSet> data) {
        dataSets(DriverNetwork.of(network), data);
    }

    @Override
    public void executeTrainingMDS(SparkComputationGraph network, JavaRDD<MultiDataSet> data) {
        DriverNetwork driver = DriverNetwork.of(network);
        if (rddTrainingApproach == RDDTrainingApproach.Direct) {
            epoch(driver, feed -> feed.elements(data));
        } else {
            Loader<?> loader = new SerializedMultiDataSetLoader();
            epoch(driver, feed -> feed.exported(exportIfRequiredMDS(feed.context(), data), loader));
        }
    }

    @Override
    public void executeTrainingPaths(
            @Nullable SparkDl4jMultiLayer network,
            @Nullable SparkComputationGraph graph,
            JavaRDD<String> paths,
            @Nullable DataSetLoader loader,
            @Nullable MultiDataSetLoader multiLoader) {
        Loader<?> only = PathLoader.only(loader, multiLoader);
        epoch(DriverNetwork.only(network, graph), feed -> feed.paths(paths, only));
    }

    private void dataSets(DriverNetwork network, JavaRDD<DataSet> data) {
        if (rddTrainingApproach == RDDTrainingApproach.Direct) {
            epoch(network, feed -> feed.elements(data));
        } else {
            Loader<?> loader = new SerializedDataSetLoader();
            epoch(network, feed -> feed.exported(exportIfRequired(feed.context(), data), loader));
        }
    }

    /** One fit; the data is asked for after what can be refused without it, and dealt anew after a loss. */
    private void epoch(DriverNetwork network, Function<Feed, ? extends JavaRDD<?>> data) {
        RankTrainer.requireTrainable(network.model(), config());
        int worldSize = ClusterCheck.ranks(network.context().sc(), ranks);
        if (!fits.begin(network, config(), worldSize)) {
            return;
        }
        ClusterCheck.require(network.context().sc(), worldSize);
        long startMs = System.currentTimeMillis();
        Feed feed = new Feed(network.context(), worldSize, repartition);
        Restarts restarts = Restarts.of(maxRestarts, restartTimeoutNs, fits.policy());
        ScapeTrainingResult[] results =
                new FitRun(network, fits, plan(worldSize), restarts).run(() -> data.apply(feed));
        lastResults = List.of(results);
        fits.done(Arrays.stream(results).map(ScapeTrainingResult::checkpoint).toArray(byte[][]::new));
        onlookers.route(results);
        if (timed) {
            onlookers.time(results, startMs);
        }
        network.accept(results[0]);
    }

    @Override
    public boolean deleteTempFiles(JavaSparkContext context) {
        boolean deleted = super.deleteTempFiles(context);
        // What is gone must be exported again, also for the RDD of the last fit.
        lastExportedRDDId = Integer.MIN_VALUE;
        lastRDDExportPath = null;
        return deleted;
    }

    @Override
    public void addHook(TrainingHook hook) {
        onlookers.add(Objects.requireNonNull(hook, "hook"));
    }

    @Override
    public void removeHook(TrainingHook hook) {
        onlookers.remove(hook);
    }

    @Override
    public void setCollectTrainingStats(boolean collect) {
        timed = collect;
    }

    @Override
    public boolean getIsCollectTrainingStats() {
        return timed;
    }

    @Override
    public @Nullable SparkTrainingStats getTrainingStats() {
        return onlookers.stats();
    }

    @Override
    public void setListeners(@Nullable Collection<TrainingListener> added) {
        onlookers.listen(null, added);
    }

    @Override
    public void setListeners(@Nullable StatsStorageRouter router, @Nullable Collection<TrainingListener> added) {
        onlookers.listen(router, added);
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
        private static final Duration RESTART_TIMEOUT_DEFAULT = Duration.ofMinutes(2);

        private int maxRestarts = Restarts.BY_CHECKPOINTS;
        private Duration restartTimeout = RESTART_TIMEOUT_DEFAULT;
        private Repartition repartition = Repartition.Always;
        private StepListenerFactory stepListeners = rank -> List.of();
        private @Nullable CheckpointPolicy checkpoints;
        private RDDTrainingApproach approach = RDDTrainingApproach.Direct;
        private @Nullable String exportDirectory;
        private List<TrainingHook> hooks = List.of();
        private boolean timed;

        /**
         * A builder with every default.
         *
         * @param batchSizePerWorker examples in one rank's batch, at least 1
         */
        public Builder(int batchSizePerWorker) {
            requireAtLeast("batchSizePerWorker", batchSizePerWorker, 1);
            batchSize = batchSizePerWorker;
        }

        /** Number of ranks, at least 1; default: all task slots of the cluster. */
        public Builder ranks(int value) {
            requireAtLeast("ranks", value, 1);
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
            timeout = requirePositive("timeout", value);
            return this;
        }

        /** Address that ranks listen on; default: the one under which Spark knows the executor. */
        public Builder bindAddress(String value) {
            bindAddress = Objects.requireNonNull(value, "bindAddress");
            return this;
        }

        /**
         * Saves the training in a folder that driver and executors share, and lets a program that was stopped be run again:
         * complete fits are passed over, and the one that was under way goes on, if its RDD has the same elements in the same
         * partitions and order. A fit that loses an executor goes on in the same way, see {@link #maxRestarts}. Default: none.
         */
        public Builder checkpoints(CheckpointPolicy value) {
            checkpoints = Objects.requireNonNull(value, "checkpoints");
            return this;
        }

        /**
         * How often a fit may be begun again because ranks were lost, at least 0: from the newest complete checkpoint, else
         * from where the fit began. What a rank raises ends the training whatever is said here. Default: 3 with
         * checkpoints, else 0.
         */
        public Builder maxRestarts(int value) {
            requireAtLeast("maxRestarts", value, 0);
            maxRestarts = value;
            return this;
        }

        /** How long the task slots of lost executors may take to come back, above 0; default 2 min. */
        public Builder restartTimeout(Duration value) {
            restartTimeout = requirePositive("restartTimeout", value);
            return this;
        }

        /** When the RDD is dealt anew to one partition a rank; default always. */
        public Builder repartitionData(Repartition value) {
            repartition = Objects.requireNonNull(value, "repartition");
            return this;
        }

        /** Whether {@code Direct}, the default, or by files of batches that executors share. */
        public Builder rddTrainingApproach(RDDTrainingApproach value) {
            approach = Objects.requireNonNull(value, "rddTrainingApproach");
            return this;
        }

        /** Where {@code Export} puts its files, a folder that all executors share; default: Hadoop's temporary one. */
        public Builder exportDirectory(String value) {
            exportDirectory = Objects.requireNonNull(value, "exportDirectory");
            return this;
        }

        /** Hooks that every rank calls around each of its batches, a copy each; default none. */
        public Builder trainingHooks(Collection<? extends TrainingHook> value) {
            hooks = List.copyOf(value);
            return this;
        }

        /** Whether driver and ranks time themselves for {@code getTrainingStats()}; default no. */
        public Builder collectTrainingStats(boolean value) {
            timed = value;
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
