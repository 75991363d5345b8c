package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.step.StepStats;
import org.dl4jscape.dl4j.AdamS;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.examples.data.Corpus;
import org.dl4jscape.examples.data.TokenWindows;
import org.dl4jscape.examples.model.DecoderShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One run: network, training, results. */
final class Pretraining {
    static final int VALIDATION_WINDOWS = 512;

    private final PretrainOptions options;
    private final ScapeConfig config;
    private final Corpus corpus;
    private final DecoderShape shape;
    private final RunFolder folder;
    private final ProgressView view;
    private final RunRecord record;
    private final StopRequest stop;

    Pretraining(
            PretrainOptions options,
            Corpus corpus,
            RunFolder folder,
            RunRecord record,
            ProgressView view,
            StopRequest stop) {
        this.options = options;
        this.corpus = corpus;
        this.folder = folder;
        this.record = record;
        this.view = view;
        this.stop = stop;
        config = options.config();
        shape = options.shape(corpus.tokenizer().size());
    }

    Map<String, Object> run() throws IOException {
        WarmupCosine rate = new WarmupCosine(options.learningRate, options.warmupSteps(), options.steps);
        ComputationGraph network = shape.build(options.seed, new AdamS(rate));
        int parameters = (int) network.params().length();
        double denseBytes = 2.0 * (options.ranks - 1) / options.ranks * 4 * parameters;
        if (options.resume == null) {
            folder.writeJson("config.json", describe(parameters));
            folder.writeJson(RunFolder.TOKENIZER, corpus.tokenizer().describe());
        }
        view.start(parameters, options.ranks * options.batch * shape.context(), denseBytes);
        TokenWindows held = new TokenWindows(corpus.validation(), shape.context());
        try (Evaluator evaluator = new Evaluator(network, held.fixed(VALIDATION_WINDOWS, 64))) {
            double initial = evaluator.loss(network.params());
            BatchPlan batches = batches();
            validateSaved(batches, network.params(), evaluator);
            record.restartClock();
            FitResult fitted = engine().train(
                            network,
                            batches,
                            checkpoints(),
                            stats -> onStep(stats, denseBytes),
                            stretch -> validate(batches.lastStep(stretch), network.params(), evaluator));
            Map<String, Object> result = result(fitted, parameters, denseBytes);
            result.put("initialValidationLoss", initial);
            result.put("validationLoss", record.lastEvaluation());
            double bigram = corpus.bigramLoss();
            result.put("bigramLoss", Double.isNaN(bigram) ? null : bigram);
            folder.writeModel(network);
            folder.writeCharts(record);
            folder.writeJson("result.json", result);
            return result;
        }
    }

    private BatchPlan batches() {
        TokenWindows windows = new TokenWindows(corpus.training(), shape.context());
        return new BatchPlan(windows, options.seed, options.batch, options.ranks, options.steps, options.evalEvery);
    }

    private CheckpointPolicy checkpoints() {
        CheckpointPolicy policy = CheckpointPolicy.in(RunFolder.checkpoints(folder.path()))
                .every(options.checkpointEvery)
                .stopWhen(stop.condition());
        return options.resume == null ? policy : policy.resume();
    }

    /** A training whose last step is saved needs no Spark: its ranks only say what they end with. */
    private Engine engine() throws IOException {
        boolean complete = saved().map(last -> last.step() == options.steps).orElse(false);
        return options.engine.equals("spark") && !complete ? new SparkEngine(options) : new ThreadEngine(options);
    }

    private void validate(int step, INDArray parameters, Evaluator evaluator) {
        double loss = evaluator.loss(parameters);
        if (record.addEvaluation(step, loss)) {
            Map<String, Object> line = new LinkedHashMap<>(); // Map.of has another order in every JVM
            line.put("step", step);
            line.put("validationLoss", loss);
            folder.metric(line);
        }
        record.restartClock();
    }

    /** A run may have been killed between the checkpoint at the end of a stretch and the validation that follows it. */
    private void validateSaved(BatchPlan batches, INDArray like, Evaluator evaluator) throws IOException {
        Optional<CheckpointFolder.Saved> latest = saved();
        if (latest.isPresent() && batches.endsStretch(latest.get().step())) {
            CheckpointFolder checkpoints = new CheckpointFolder(RunFolder.checkpoints(folder.path()));
            float[] parameters = checkpoints.read(latest.get()).get(0).parameters();
            validate(latest.get().step(), Nd4j.createFromArray(parameters).reshape(like.shape()), evaluator);
        }
    }

    /** What a resumed run goes on from. */
    private Optional<CheckpointFolder.Saved> saved() throws IOException {
        return options.resume == null
                ? Optional.empty()
                : new CheckpointFolder(RunFolder.checkpoints(folder.path())).latest();
    }

    private void onStep(StepStats stats, double denseBytes) {
        record.add(stats);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", stats.step());
        line.put("loss", stats.loss());
        line.put("density", stats.density());
        line.put("maskOverlap", stats.maskOverlap());
        for (PayloadKind kind : PayloadKind.values()) {
            line.put(RunFolder.bytesName(kind), stats.bytesSent(kind));
        }
        folder.metric(line);
        view.step(stats.step(), stats.loss(), record.totalBytes(), denseBytes * stats.step());
    }

    private Map<String, Object> describe(int parameters) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("arguments", options.arguments);
        map.put("preset", options.preset);
        map.put("engine", options.engine);
        map.put("worldSize", options.ranks);
        map.put("transport", options.transport);
        map.put("exchange", options.exchange);
        map.put("kernels", options.kernels);
        map.put("steps", options.steps);
        map.put("batch", options.batch);
        map.put("seed", options.seed);
        map.put("learningRate", options.learningRate);
        map.put("evalEvery", options.evalEvery);
        map.put("data", options.data.isEmpty() ? "five novels" : options.data.toString());
        map.put("validation", options.validation == null ? "Persuasion" : options.validation.toString());
        map.put("parameters", parameters);
        map.put("scape", config.describe().lines().toList());
        return map;
    }

    private Map<String, Object> result(FitResult fitted, int parameters, double denseBytes) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("worldSize", options.ranks);
        map.put("engine", options.engine);
        map.put("transport", options.transport);
        map.put("exchange", options.exchange);
        map.put("density", config.density().finalDensity());
        map.put("parameters", parameters);
        map.put("steps", record.steps());
        map.put("tokens", (long) record.steps() * options.ranks * options.batch * shape.context());
        map.put("seed", options.seed);
        map.put("bytesSentPerStep", record.bytesSentPerStep());
        map.put("denseBytesPerStep", denseBytes);
        double sent = 0;
        for (PayloadKind kind : PayloadKind.values()) {
            sent += record.bytesPerSparseStep(kind);
        }
        map.put("bytesRatio", denseBytes == 0 ? 0 : sent / denseBytes);
        map.put("stepMillis", record.stepMillis());
        map.put("phaseMillis", record.phaseMillis());
        map.put("replicasIdentical", fitted.replicasIdentical());
        map.put("parametersSha256", fitted.parametersSha256().get(0));
        return map;
    }
}
