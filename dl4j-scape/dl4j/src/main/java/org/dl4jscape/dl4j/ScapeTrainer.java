package org.dl4jscape.dl4j;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.ThreadRendezvous;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.launch.ProcessRank;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Data-parallel training on the threads of one machine, without Spark: the same engine, one replica a thread.
 *
 * <pre>
 *   ScapeTrainer trainer = ScapeTrainer.builder()
 *           .ranks(2)
 *           .config(ScapeConfig.builder().density(0.01).warmupSteps(100).build())
 *           .build();
 *   trainer.fit(network, epoch -> batches.iterator(), 3);
 * </pre>
 *
 * <p>Rank 0 trains the given network (or SameDiff graph) itself, the others copies of it; at the end all hold the same parameters. The network's
 * epoch count grows by one an epoch. Every {@code fit} starts with empty moments and residuals, unless it goes on from a
 * checkpoint ({@link CheckpointPolicy}).
 *
 * <p>A program that {@code scape-launch} starts trains as one rank, with {@code group(ProcessRank.fromEnvironment())}: every
 * process gives an equal network and the batches of all ranks, and takes its own ones.
 */
public final class ScapeTrainer {
    private static final String THREADS_ONLY = "inprocess";
    private static final String BETWEEN_PROCESSES = "aeron";

    private final @Nullable ProcessRank place;
    private final int ranks;
    private final ScapeConfig config;
    private final String transport;
    private final Map<String, String> transportProperties;
    private final String kernels;
    private final long seed;
    private final Duration timeout;
    private final IntFunction<List<StepListener>> listeners;
    private final IntConsumer epochListener;
    private final @Nullable CheckpointPolicy checkpoints;

    private ScapeTrainer(Builder builder) {
        place = builder.group;
        ranks = ranks(builder, place);
        config = builder.config;
        transport = transport(builder, place);
        transportProperties = Map.copyOf(builder.transportProperties);
        kernels = builder.kernels;
        seed = builder.seed;
        timeout = builder.timeout;
        listeners = builder.listeners;
        epochListener = builder.epochListener;
        checkpoints = builder.checkpoints;
        if (ranks < 1) {
            throw new IllegalArgumentException("ranks=" + ranks + " (expected: >= 1)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout=" + timeout + " (expected: > 0)");
        }
    }

    private static int ranks(Builder builder, @Nullable ProcessRank place) {
        int worldSize = place == null ? builder.ranks : place.group().worldSize();
        if (builder.isRanksSet && builder.ranks != worldSize) {
            throw new IllegalArgumentException("ranks=" + builder.ranks + " (expected: " + worldSize
                    + ", the processes of the group); leave ranks(..) out, scape-launch says how many there are");
        }
        return worldSize;
    }

    private static String transport(Builder builder, @Nullable ProcessRank place) {
        if (place == null) {
            return builder.transport;
        }
        if (builder.isTransportSet && builder.transport.equals(THREADS_ONLY)) {
            throw new IllegalArgumentException("transport=" + THREADS_ONLY
                    + " joins the threads of one JVM (expected in a process group: aeron, or tcp)");
        }
        return builder.isTransportSet ? builder.transport : BETWEEN_PROCESSES;
    }

    /** A builder with every default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Gives the batches of one epoch; batch i goes to rank i mod ranks. */
    @FunctionalInterface
    public interface Epochs {
        /**
         * The batches of an epoch, {@code DataSet} or {@code MultiDataSet}; called once an epoch, 0 the first (a resumed
         * training begins with the epoch in which it was stopped, and passes over the batches that were used), when the epoch
         * before it is over, so that one iterator may be reset and returned again. Its batches are taken by one thread at a
         * time.
         */
        java.util.Iterator<?> batches(int epoch);
    }

    /**
     * Trains for some epochs.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}, initialised
     * @param data the batches of each epoch
     * @param epochs number of passes, at least 1; with a checkpoint, those before it count
     * @return what was done
     * @throws IllegalArgumentException when the network cannot be trained by SCAPE, a transport property is refused, or a
     *     checkpoint is of another training or damaged
     * @throws org.dl4jscape.core.exchange.CollectiveException when a rank fails to deliver within the deadline
     */
    public FitResult fit(Model network, Epochs data, int epochs) {
        return fit(ModelBridge.of(network), data, epochs);
    }

    /**
     * Trains a SameDiff graph for some epochs, with the same steps as a network.
     *
     * <p>The graph's {@code TrainingConfig} says the updater ({@code AdamS} or one of the Adam family), the regularization and
     * which placeholder takes which array of a batch. Rank 0 calls the graph's own listeners at the start and end of every epoch
     * and iteration. The graph's updater state stays as it was.
     *
     * @param graph with a training configuration and a loss; its variables, all of data type FLOAT, are trained
     * @param data the batches of each epoch
     * @param epochs number of passes, at least 1; with a checkpoint, those before it count
     * @return what was done
     * @throws IllegalArgumentException when the graph cannot be trained by SCAPE, a transport property is refused, or a
     *     checkpoint is of another training or damaged
     * @throws org.dl4jscape.core.exchange.CollectiveException when a rank fails to deliver within the deadline
     */
    public FitResult fit(SameDiff graph, Epochs data, int epochs) {
        return fit(ModelBridge.of(graph, seed), data, epochs);
    }

    private FitResult fit(ModelBridge model, Epochs data, int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs=" + epochs + " (expected: >= 1)");
        }
        model.layout(config);
        int localRanks = place == null ? ranks : place.localWorldSize();
        TransportSelection.byName(transport).check(ranks, localRanks, options());
        CheckpointPolicy policy = checkpoints;
        SavedTraining saved = policy == null ? SavedTraining.none() : SavedTraining.open(policy, model, config, ranks);
        return place == null
                ? fitOnThreads(model, new Deal(data, ranks, BatchDealer.EVERY_RANK, saved, epochs))
                : fitAsOneRank(model, new Deal(data, ranks, place.group().rank(), saved, epochs), place);
    }

    private FitResult fitOnThreads(ModelBridge model, Deal deal) {
        List<ModelBridge> replicas = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            replicas.add(rank == 0 ? model : model.copy());
        }
        ThreadRendezvous rendezvous = new ThreadRendezvous(ranks, timeout.toNanos());
        List<RankResult> results = new RankThreads(ranks, timeout).run(rank -> {
            try {
                return train(ProcessGroup.of(rank, ranks), replicas.get(rank), deal, rendezvous.of(rank));
            } catch (RuntimeException | Error e) {
                rendezvous.abort(rank, RankTrainer.reason(e));
                throw e;
            }
        });
        return results.get(0).toFitResult();
    }

    private FitResult fitAsOneRank(ModelBridge model, Deal deal, ProcessRank own) {
        try (ProcessRank.Meeting meeting = own.meet(timeout)) {
            return train(own.group(), model, deal, meeting).toFitResult();
        }
    }

    /** Opens an epoch when the first rank comes to it; by then every rank has used up the one before. */
    private static final class Deal {
        private final Epochs data;
        private final int ranks;
        private final int wantedRank;
        private final SavedTraining saved;
        private final int epochs;
        private int opened = -1;
        private BatchDealer dealer = new BatchDealer(Collections.emptyIterator(), 1);

        Deal(Epochs data, int ranks, int wantedRank, SavedTraining saved, int epochs) {
            this.data = data;
            this.ranks = ranks;
            this.wantedRank = wantedRank;
            this.saved = saved;
            this.epochs = epochs;
        }

        int epochs() {
            return epochs;
        }

        SavedTraining saved() {
            return saved;
        }

        synchronized BatchDealer of(int epoch) {
            if (opened != epoch) {
                dealer = new BatchDealer(data.batches(epoch), ranks, wantedRank);
                opened = epoch;
            }
            return dealer;
        }
    }

    private record RankResult(int steps, List<String> digests, Map<PayloadKind, Long> bytesSent) {
        FitResult toFitResult() {
            return new FitResult(steps, digests, bytesSent);
        }
    }

    private CollectivesOptions options() {
        String address = place == null ? "127.0.0.1" : place.address();
        return new CollectivesOptions(timeout.toNanos(), address, transportProperties);
    }

    private RankResult train(ProcessGroup group, ModelBridge replica, Deal deal, Rendezvous rendezvous) {
        try (Collectives collectives = TransportSelection.byName(transport).connect(group, rendezvous, options())) {
            try {
                return train(group.rank(), replica, deal, collectives);
            } catch (RuntimeException | Error e) {
                collectives.abort(RankTrainer.reason(e));
                throw e;
            }
        }
    }

    private RankResult train(int rank, ModelBridge replica, Deal deal, Collectives collectives) {
        try (RankTrainer trainer = RankTrainer.join(
                        replica, config, collectives, KernelsSelection.byName(kernels), listeners.apply(rank));
                CheckpointSaver saver = new CheckpointSaver(checkpoints, timeout)) {
            deal.saved().restore(trainer, rank);
            for (int epoch = deal.saved().firstEpoch(); epoch < deal.epochs(); epoch++) {
                saver.watch(trainer, epoch);
                trainer.fitEpoch(deal.of(epoch).of(rank));
                if (rank == 0) {
                    epochListener.accept(epoch);
                }
            }
            saver.finish(trainer, deal.epochs());
            Map<PayloadKind, Long> sent = new EnumMap<>(PayloadKind.class);
            for (PayloadKind kind : PayloadKind.values()) {
                sent.put(kind, collectives.stats().bytesSent(kind));
            }
            List<String> digests = gather(trainer.parametersSha256(), collectives);
            RankResult result = new RankResult(trainer.stepCount(), digests, sent);
            collectives.barrier();
            return result;
        }
    }

    private static List<String> gather(String digest, Collectives collectives) {
        byte[] own = digest.getBytes(StandardCharsets.US_ASCII);
        ByteBlocks all = new ByteBlocks(collectives.group().worldSize());
        collectives.allGatherAsync(PayloadKind.CONTROL, own, own.length).await(all);
        List<String> digests = new ArrayList<>();
        for (int rank = 0; rank < collectives.group().worldSize(); rank++) {
            digests.add(new String(all.array(), all.offset(rank), all.length(rank), StandardCharsets.US_ASCII));
        }
        return digests;
    }

    /** Collects the choices. Not thread-safe. */
    public static final class Builder {
        private int ranks = 2;
        private boolean isRanksSet;
        private @Nullable ProcessRank group;
        private ScapeConfig config = ScapeConfig.builder().build();
        private String transport = THREADS_ONLY;
        private boolean isTransportSet;
        private final Map<String, String> transportProperties = new TreeMap<>();
        private String kernels = "auto";
        private long seed;
        private Duration timeout = Duration.ofSeconds(60);
        private IntFunction<List<StepListener>> listeners = rank -> List.of();
        private IntConsumer epochListener = epoch -> {};
        private @Nullable CheckpointPolicy checkpoints;

        private Builder() {}

        /** Number of ranks, a thread each; default 2. In a process group the launcher says it. */
        public Builder ranks(int value) {
            ranks = value;
            isRanksSet = true;
            return this;
        }

        /** Trains as one rank of the processes that {@code scape-launch} started; default: all ranks are threads. */
        public Builder group(ProcessRank value) {
            group = Objects.requireNonNull(value, "group");
            return this;
        }

        /** The algorithm's configuration; default {@code ScapeConfig.builder().build()}. */
        public Builder config(ScapeConfig value) {
            config = Objects.requireNonNull(value, "config");
            return this;
        }

        /** Name of a transport; default {@code inprocess}, in a process group {@code aeron}. */
        public Builder transport(String value) {
            transport = Objects.requireNonNull(value, "transport");
            isTransportSet = true;
            return this;
        }

        /**
         * A setting that only the transport knows, such as {@code directory} or {@code termBufferLength} of {@code aeron}; default
         * none. The transport refuses unknown names and bad values before training.
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

        /**
         * Seed of the random operations of a SameDiff graph, such as dropout; default 0. A network's own seed is used where a
         * network is trained.
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Deadline of every single wait for another rank; default 60 s. */
        public Builder timeout(Duration value) {
            timeout = Objects.requireNonNull(value, "timeout");
            return this;
        }

        /** Step listeners by rank, called on that rank's thread; default none. */
        public Builder listeners(IntFunction<List<StepListener>> value) {
            listeners = Objects.requireNonNull(value, "listeners");
            return this;
        }

        /**
         * Called with the number of each epoch when it is over, on rank 0's thread; the network is at rest. The other ranks
         * wait meanwhile, at most the timeout. Default none.
         */
        public Builder epochListener(IntConsumer value) {
            epochListener = Objects.requireNonNull(value, "epochListener");
            return this;
        }

        /** Saves the training while it runs, and lets a stopped one go on; default: neither. */
        public Builder checkpoints(CheckpointPolicy value) {
            checkpoints = Objects.requireNonNull(value, "checkpoints");
            return this;
        }

        /** The trainer. */
        public ScapeTrainer build() {
            return new ScapeTrainer(this);
        }
    }
}
