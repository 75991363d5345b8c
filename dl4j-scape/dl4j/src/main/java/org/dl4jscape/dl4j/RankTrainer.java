package org.dl4jscape.dl4j;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.ExpectedBytes;
import org.dl4jscape.core.step.RankState;
import org.dl4jscape.core.step.ScapeStep;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.core.step.StepOutcome;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one rank's replica of a network.
 *
 * <p>All ranks join with equal networks and configurations, and call {@link #fitEpoch} equally often; ranks may have
 * different numbers of batches, also none. After every step all replicas hold the same parameters, bit for bit. One thread;
 * {@link #close} puts the network's own updater back, and leaves the collectives to their owner. Before every batch the
 * thread's ND4J random generator is seeded from the network's seed, the rank and the iteration.
 */
public final class RankTrainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankTrainer.class);
    private static final String ITERATION = "network.iterationCount";
    private static final String EPOCH = "network.epochCount";
    private static final String BATCHES = "epoch.batches";

    private final ModelBridge bridge;
    private final NetworkLayout layout;
    private final ScapeConfig config;
    private final RankState state;
    private final Collectives collectives;
    private final ScapeStep step;
    private StepOutcome lastOutcome = StepOutcome.FINISHED;
    /** Whether the view holds the exact parameters; look-ahead moves it for the forward and backward pass. */
    private boolean settled = true;
    /** Batches of the current epoch that this rank has used up. */
    private int batches;

    private int checkpointEvery = Integer.MAX_VALUE;
    private int checkpointAt = Integer.MAX_VALUE;
    private Consumer<RankTrainer> checkpointSink = trainer -> {};
    private StopCondition stop = step -> false;
    private Runnable onStop = () -> {};

    private RankTrainer(
            ModelBridge bridge,
            ScapeConfig config,
            Collectives collectives,
            Kernels kernels,
            List<StepListener> listeners) {
        this.bridge = bridge;
        this.config = config;
        this.collectives = collectives;
        layout = bridge.layout(config);
        int rank = collectives.group().rank();
        ShardLayout shards =
                new ShardLayout(layout.parameters(), collectives.group().worldSize());
        state = new RankState(config, shards, rank, bridge.parameterView());
        step = new ScapeStep(config, shards, state, collectives, kernels, listeners);
        checkAgreement();
        if (rank == 0) {
            LOG.info("SCAPE sends with {}", ExpectedBytes.of(config, shards).describe());
        }
        bridge.install(this::onGradient);
    }

    /**
     * Makes a network one rank's replica.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}, initialised, data type FLOAT, equal on all ranks
     * @param config equal on all ranks
     * @param collectives connected to all ranks
     * @param kernels for this thread
     * @param listeners called after every step, on this thread
     * @throws IllegalArgumentException when the network cannot be trained by SCAPE, or ranks do not agree
     */
    public static RankTrainer join(
            Model network, ScapeConfig config, Collectives collectives, Kernels kernels, List<StepListener> listeners) {
        return join(ModelBridge.of(network), config, collectives, kernels, listeners);
    }

    static RankTrainer join(
            ModelBridge model,
            ScapeConfig config,
            Collectives collectives,
            Kernels kernels,
            List<StepListener> listeners) {
        return new RankTrainer(model, config, collectives, kernels, listeners);
    }

    /**
     * Checks, before anything is started, that a network can be trained by SCAPE; changes nothing.
     *
     * @throws IllegalArgumentException when it cannot; the message says why, and what to change
     */
    public static void requireTrainable(Model network, ScapeConfig config) {
        ModelBridge.of(network).layout(config);
    }

    /** Compares configuration, layout and parameters of all ranks: 80 bytes once. */
    private void checkAgreement() {
        byte[] digest = parametersSha256().getBytes(StandardCharsets.US_ASCII);
        byte[] own = ByteBuffer.allocate(16 + digest.length)
                .putLong(config.digest())
                .putLong(layout.parameters().fingerprint())
                .put(digest)
                .array();
        int ranks = collectives.group().worldSize();
        ByteBlocks all = new ByteBlocks(ranks);
        collectives.allGatherAsync(PayloadKind.CONTROL, own, own.length).await(all);
        ByteBuffer first =
                ByteBuffer.wrap(all.array(), all.offset(0), all.length(0)).slice();
        for (int rank = 1; rank < ranks; rank++) {
            ByteBuffer other = ByteBuffer.wrap(all.array(), all.offset(rank), all.length(rank))
                    .slice();
            int mismatch = first.mismatch(other);
            if (mismatch >= 0) {
                String what = mismatch < 8 ? "configuration" : mismatch < 16 ? "network layout" : "initial parameters";
                throw new IllegalArgumentException("rank " + rank + " has another " + what
                        + " than rank 0; start all ranks with the same configuration, network and seed");
            }
        }
    }

    private void onGradient(int iteration, int epoch, int batchSize) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            lastOutcome = step.run(
                    bridge.parameterView(),
                    bridge.gradientView(),
                    batchSize,
                    bridge.score(),
                    block -> layout.learningRate(block, iteration, epoch));
            settled = lastOutcome != StepOutcome.APPLIED;
        }
    }

    /** One batch: forward, backward, exchange, update. All ranks must take part. */
    public void fit(DataSet batch) {
        prepare();
        bridge.fit(batch);
    }

    /** One batch: forward, backward, exchange, update. All ranks must take part. */
    public void fit(MultiDataSet batch) {
        prepare();
        bridge.fit(batch);
    }

    private void prepare() {
        bridge.requireInstalled();
        seedThread();
        if (settled) {
            int iteration = Math.max(0, bridge.iteration() - 1);
            int epoch = bridge.epoch();
            step.resume(bridge.parameterView(), block -> layout.learningRate(block, iteration, epoch));
            settled = false;
        }
    }

    /**
     * ND4J keeps one generator a thread and seeds it with the time: dropout would differ from run to run, and a resumed run
     * from one that never stopped. Seed, rank and iteration decide here (SplitMix64's finalizer mixes them).
     */
    private void seedThread() {
        long z = bridge.seed()
                + 0x9E3779B97F4A7C15L
                        * ((long) bridge.iteration() * collectives.group().worldSize()
                                + collectives.group().rank()
                                + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        Nd4j.getRandom().setSeed(z ^ (z >>> 31));
    }

    /**
     * Has checkpoints taken while {@link #fitEpoch} runs: after the batch in which the step count reaches a multiple.
     *
     * @param everySteps steps between two, at least 1; equal on all ranks
     * @param sink called on this thread; takes its {@link #checkpoint} and returns soon
     */
    public void checkpointEvery(int everySteps, Consumer<RankTrainer> sink) {
        if (everySteps < 1) {
            throw new IllegalArgumentException("everySteps=" + everySteps + " (expected: >= 1)");
        }
        checkpointEvery = everySteps;
        checkpointSink = sink;
        checkpointAt = nextCheckpoint();
    }

    /**
     * Has a last checkpoint taken, and {@link #fitEpoch} ended by an exception, after the step that the condition names.
     *
     * @param saved returns when that checkpoint is on the disk
     */
    void stopWhen(StopCondition condition, Runnable saved) {
        stop = condition;
        onStop = saved;
    }

    private int nextCheckpoint() {
        return (int) Math.min(Integer.MAX_VALUE, (state.step() / checkpointEvery + 1L) * checkpointEvery);
    }

    private void checkpointIfDue() {
        boolean last = stop.stopsAfter(state.step());
        if (last || state.step() >= checkpointAt) {
            checkpointAt = nextCheckpoint();
            checkpointSink.accept(this);
        }
        if (last) {
            onStop.run();
            collectives.barrier(); // a rank that ended sooner would abort the others before they have saved themselves
            throw new TrainingStoppedException(state.step());
        }
    }

    /**
     * Trains on this rank's batches, then goes along with the others until every rank's batches are used up. The network's
     * epoch count then grows by one. After {@link #resume} from within an epoch, passes over the batches that were used up.
     *
     * @param data {@link DataSet} or {@link MultiDataSet} elements, the same in every run
     */
    public void fitEpoch(Iterator<?> data) {
        try {
            passOverUsed(data);
            while (data.hasNext()) {
                Object batch = data.next();
                if (batch instanceof DataSet dataSet) {
                    fit(dataSet);
                } else if (batch instanceof MultiDataSet multiDataSet) {
                    fit(multiDataSet);
                } else {
                    throw new IllegalArgumentException(
                            "batch of type " + batch.getClass().getName() + " (expected: DataSet or MultiDataSet)");
                }
                batches++;
                checkpointIfDue();
            }
            drain();
            batches = 0;
            bridge.setEpoch(bridge.epoch() + 1);
        } catch (RuntimeException | Error e) {
            collectives.abort(reason(e));
            throw e;
        } finally {
            settle();
        }
    }

    private void passOverUsed(Iterator<?> data) {
        for (int used = 0; used < batches; used++) {
            if (!data.hasNext()) {
                throw new IllegalArgumentException("the epoch has " + used + " batches for rank "
                        + collectives.group().rank() + " (expected: at least " + batches
                        + ", which were used before the checkpoint); resume with the same data");
            }
            data.next();
        }
    }

    /** What the other ranks are told about a failure. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.toString() : message;
    }

    /** Takes part without data until no rank has any. */
    private void drain() {
        FloatBuffer parameters = bridge.parameterView();
        do {
            int iteration = bridge.iteration();
            int epoch = bridge.epoch();
            lastOutcome = step.run(parameters, null, 0, 0, block -> layout.learningRate(block, iteration, epoch));
            if (lastOutcome != StepOutcome.FINISHED) {
                bridge.applyConstraints(iteration, epoch);
                bridge.setIteration(iteration + 1);
                checkpointIfDue();
            }
        } while (lastOutcome != StepOutcome.FINISHED);
    }

    /** Puts the exact parameters into the network, where look-ahead has moved them. */
    public void settle() {
        step.settle(bridge.parameterView());
        bridge.publish();
        settled = true;
    }

    /** The number of the last step. */
    public int stepCount() {
        return step.settledState().step();
    }

    /** SHA-256 over the little-endian fp32 flat parameters. */
    public String parametersSha256() {
        return ParameterDigest.sha256(bridge.parameterView());
    }

    /**
     * A copy of what this rank needs to go on as if it had never stopped; all ranks take theirs after the same step. The
     * network's iteration and epoch counts are part of it, and how many batches of the epoch were used up.
     *
     * @param attributes what the engine must know besides
     */
    public Checkpoint checkpoint(Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put(ITERATION, Integer.toString(bridge.iteration()));
        all.put(EPOCH, Integer.toString(bridge.epoch()));
        all.put(BATCHES, Integer.toString(batches));
        FloatBuffer parameters = bridge.parameterView();
        float[] exact = new float[layout.parameters().length()];
        step.readExact(parameters, exact);
        int rank = collectives.group().rank();
        return new Checkpoint(
                layout.parameters().fingerprint(),
                config.digest(),
                step.settledState().snapshot(rank),
                exact,
                all);
    }

    /**
     * Takes a checkpoint over, with its parameters and the network's iteration and epoch counts; call after {@link #join},
     * before the first batch, on all ranks.
     *
     * @throws IllegalArgumentException when it is of another network, configuration, rank or number of ranks
     */
    public void resume(Checkpoint checkpoint) {
        checkpoint.requireMatch(layout.parameters().fingerprint(), config.digest());
        ProcessGroup group = collectives.group();
        int rank = checkpoint.snapshot().rank();
        int worldSize = checkpoint.snapshot().worldSize();
        if (rank != group.rank() || worldSize != group.worldSize()) {
            throw new IllegalArgumentException(
                    "the checkpoint is of rank " + rank + " of " + worldSize + " (expected: rank " + group.rank()
                            + " of " + group.worldSize() + "); give each rank its own, or reshard them first");
        }
        state.restore(checkpoint.snapshot());
        bridge.parameterView().put(0, checkpoint.parameters());
        bridge.publish();
        settled = true;
        bridge.setIteration(count(checkpoint, ITERATION, bridge.iteration()));
        bridge.setEpoch(count(checkpoint, EPOCH, bridge.epoch()));
        batches = count(checkpoint, BATCHES, 0);
        checkpointAt = nextCheckpoint();
    }

    private static int count(Checkpoint checkpoint, String name, int fallback) {
        String text = checkpoint.attributes().get(name);
        return text == null ? fallback : Integer.parseInt(text);
    }

    /** Whether a checkpoint is of this network as it is now: same layout, configuration, ranks and parameter bits. */
    public boolean continues(Checkpoint checkpoint) {
        ProcessGroup group = collectives.group();
        return checkpoint.layoutFingerprint() == layout.parameters().fingerprint()
                && checkpoint.configDigest() == config.digest()
                && checkpoint.snapshot().rank() == group.rank()
                && checkpoint.snapshot().worldSize() == group.worldSize()
                && FloatBuffer.wrap(checkpoint.parameters()).mismatch(bridge.parameterView()) < 0;
    }

    /** The network's iteration count in a checkpoint. */
    public static int iterationCount(Checkpoint checkpoint) {
        return count(checkpoint, ITERATION, checkpoint.snapshot().step());
    }

    /** How many batches of its epoch a checkpoint's rank had used up. */
    static int batchesUsed(Checkpoint checkpoint) {
        return count(checkpoint, BATCHES, 0);
    }

    /** The attribute that says so. */
    static Map<String, String> batchesUsed(int used) {
        return Map.of(BATCHES, Integer.toString(used));
    }

    /**
     * The network that is trained.
     *
     * @throws IllegalStateException when it is a SameDiff graph
     */
    public Model network() {
        return bridge.network();
    }

    @Override
    public void close() {
        settle();
        bridge.uninstall();
    }
}
