package org.dl4jscape.spark;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.listeners.VanillaStatsStorageRouter;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.checkpoint.CheckpointReader;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointSaver;
import org.dl4jscape.dl4j.RankTrainer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains whole partitions, one a rank; broadcast to all of them.
 *
 * <p>The single mini-batch methods of the interface are refused: ranks exchange at every step and cannot be driven apart.
 */
public final class ScapeTrainingWorker implements TrainingWorker<ScapeTrainingResult> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ScapeTrainingWorker.class);

    private final FitStart start;
    private final RankPlan plan;

    ScapeTrainingWorker(FitStart start, RankPlan plan) {
        this.start = start;
        this.plan = plan;
    }

    /** Trains this task's partition as one rank of the group. */
    ScapeTrainingResult trainEpoch(BarrierTaskContext context, Iterator<?> partition) {
        int rank = context.partitionId();
        Model replica = start.network().getConfiguration() != null ? getInitialModel() : getInitialModelGraph();
        ProcessGroup group = new ProcessGroup(rank, plan.ranks(), start.generation() + context.stageAttemptNumber());
        CollectivesOptions options =
                new CollectivesOptions(plan.timeoutNs(), bindAddress(context), plan.transportProperties());
        RankClock clock = new RankClock();
        List<StepListener> listeners = new ArrayList<>(plan.listeners().create(rank));
        if (plan.onlookers().timed()) {
            listeners.add(clock);
        }
        try (Collectives collectives = TransportSelection.byName(plan.transport())
                        .connect(group, new BarrierRendezvous(context), options);
                KillWatch watch = new KillWatch(context, collectives)) {
            clock.connected();
            try (RankTrainer trainer = RankTrainer.join(
                            replica,
                            plan.config().toConfig(),
                            collectives,
                            KernelsSelection.byName(plan.kernels()),
                            listeners);
                    CheckpointSaver saver =
                            new CheckpointSaver(plan.checkpoints(), Duration.ofNanos(plan.timeoutNs()))) {
                return train(trainer, saver, new BatchIterator(partition, plan.batchSize()), clock);
            } catch (RuntimeException | Error e) {
                collectives.abort(e.getMessage() == null ? e.toString() : e.getMessage());
                throw e;
            }
        }
    }

    private ScapeTrainingResult train(RankTrainer trainer, CheckpointSaver saver, Iterator<?> data, RankClock clock) {
        Collectives collectives = trainer.collectives();
        int rank = collectives.group().rank();
        resume(trainer, rank);
        setCounts(trainer.network());
        int before = trainer.stepCount();
        VanillaStatsStorageRouter router = new VanillaStatsStorageRouter();
        if (!start.complete()) {
            plan.onlookers().attach(trainer, rank, router);
            saver.watch(trainer, start.fit());
            trainer.fitEpoch(data);
            clock.trained();
            saver.finish(trainer, start.fit() + 1);
        }
        ScapeTrainingResult result = result(trainer, trainer.stepCount() - before, Reports.of(router), clock);
        collectives.barrier();
        return result;
    }

    /** Goes on where the last fit ended, if it is the same training; all ranks decide alike. */
    private void resume(RankTrainer trainer, int rank) {
        if (start.carried().length != plan.ranks()) {
            return;
        }
        try {
            Checkpoint checkpoint =
                    CheckpointReader.read("of the last fit", new ByteArrayInputStream(start.carried()[rank]));
            if (trainer.continues(checkpoint)) {
                trainer.resume(checkpoint);
            } else if (rank == 0) {
                LOG.warn(
                        "the network or its configuration has changed since the last fit; optimizer state starts anew");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ScapeTrainingResult result(RankTrainer trainer, int steps, Reports reports, RankClock clock) {
        Collectives collectives = trainer.collectives();
        int rank = collectives.group().rank();
        Map<PayloadKind, Long> sent = new EnumMap<>(PayloadKind.class);
        for (PayloadKind kind : PayloadKind.values()) {
            sent.put(kind, collectives.stats().bytesSent(kind));
        }
        Model replica = trainer.network();
        int iterations = replica instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getIterationCount()
                : ((ComputationGraph) replica).getIterationCount();
        float[] parameters = rank == 0 ? replica.params().toFloatVector() : new float[0];
        byte[] checkpoint = Fits.bytes(trainer.checkpoint(Map.of()));
        return new ScapeTrainingResult(
                new ScapeTrainingResult.RankEpoch(
                        rank, steps, iterations, trainer.lastLoss(), trainer.parametersSha256()),
                parameters,
                checkpoint,
                sent,
                reports,
                clock.finished());
    }

    private String bindAddress(BarrierTaskContext context) {
        if (!plan.bindAddress().isEmpty()) {
            return plan.bindAddress();
        }
        String address = context.getTaskInfos()[context.partitionId()].address();
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    @Override
    public MultiLayerNetwork getInitialModel() {
        MultiLayerNetwork replica =
                new MultiLayerNetwork(start.network().getConfiguration().clone());
        replica.init(copy(), false);
        setCounts(replica);
        return replica;
    }

    @Override
    public ComputationGraph getInitialModelGraph() {
        ComputationGraph replica =
                new ComputationGraph(start.network().getGraphConfiguration().clone());
        replica.init(copy(), false);
        setCounts(replica);
        return replica;
    }

    /** The driver's counts hold, also where a checkpoint has others. */
    private void setCounts(Model replica) {
        if (replica instanceof MultiLayerNetwork multiLayer) {
            multiLayer.setIterationCount(start.iterationCount());
            multiLayer.setEpochCount(start.epochCount());
        } else {
            ((ComputationGraph) replica).getConfiguration().setIterationCount(start.iterationCount());
            ((ComputationGraph) replica).getConfiguration().setEpochCount(start.epochCount());
        }
    }

    /** In local mode the broadcast is shared by all ranks of the JVM. */
    private INDArray copy() {
        return start.network().getParameters().unsafeDuplication();
    }

    private static UnsupportedOperationException refuse(String method) {
        return new UnsupportedOperationException(
                method
                        + " is not supported: SCAPE ranks exchange at every step, so whole partitions are trained; call fit(rdd)");
    }

    @Override
    public void removeHook(TrainingHook hook) {
        throw refuse("removeHook");
    }

    @Override
    public void addHook(TrainingHook hook) {
        throw refuse("addHook");
    }

    @Override
    public ScapeTrainingResult processMinibatch(DataSet batch, MultiLayerNetwork net, boolean isLast) {
        throw refuse("processMinibatch");
    }

    @Override
    public ScapeTrainingResult processMinibatch(DataSet batch, ComputationGraph net, boolean isLast) {
        throw refuse("processMinibatch");
    }

    @Override
    public ScapeTrainingResult processMinibatch(MultiDataSet batch, ComputationGraph net, boolean isLast) {
        throw refuse("processMinibatch");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> processMinibatchWithStats(
            DataSet batch, MultiLayerNetwork net, boolean isLast) {
        throw refuse("processMinibatchWithStats");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> processMinibatchWithStats(
            DataSet batch, ComputationGraph net, boolean isLast) {
        throw refuse("processMinibatchWithStats");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> processMinibatchWithStats(
            MultiDataSet batch, ComputationGraph net, boolean isLast) {
        throw refuse("processMinibatchWithStats");
    }

    @Override
    public ScapeTrainingResult getFinalResult(MultiLayerNetwork net) {
        throw refuse("getFinalResult");
    }

    @Override
    public ScapeTrainingResult getFinalResult(ComputationGraph net) {
        throw refuse("getFinalResult");
    }

    @Override
    public ScapeTrainingResult getFinalResultNoData() {
        throw refuse("getFinalResultNoData");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> getFinalResultNoDataWithStats() {
        throw refuse("getFinalResultNoDataWithStats");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> getFinalResultWithStats(MultiLayerNetwork net) {
        throw refuse("getFinalResultWithStats");
    }

    @Override
    public Pair<ScapeTrainingResult, SparkTrainingStats> getFinalResultWithStats(ComputationGraph net) {
        throw refuse("getFinalResultWithStats");
    }

    @Override
    public WorkerConfiguration getDataConfiguration() {
        boolean graph = start.network().getGraphConfiguration() != null;
        return new WorkerConfiguration(graph, plan.batchSize(), plan.batchSize(), -1, 0, false);
    }

    @Override
    public long getInstanceId() {
        return System.identityHashCode(this);
    }
}
