package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.exchange.PayloadKind;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The folder of a run; {@code result.json} is written last, so a folder that has it is complete. */
final class RunFolder implements AutoCloseable {
    /** The network, in Deeplearning4j's format. */
    static final String MODEL = "model.zip";

    /** What the network's tokens mean. */
    static final String TOKENIZER = "tokenizer.json";

    private static final String METRICS = "metrics.jsonl";

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();
    private final BufferedWriter metrics;
    private final RunLock lock;

    private RunFolder(Path folder, RunLock lock) throws IOException {
        this.folder = folder;
        this.lock = lock;
        metrics =
                Files.newBufferedWriter(folder.resolve(METRICS), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Removes what a run leaves that was killed before it had written {@code config.json}. */
    static void forgetFalseStart(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(METRICS));
        Files.deleteIfExists(folder.resolve(RunLock.FILE));
    }

    /** Makes the folder; refuses one that is not empty or cannot be written. */
    static RunFolder create(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                try (var content = Files.list(folder)) {
                    if (content.findAny().isPresent()) {
                        if (Files.exists(folder.resolve(RunLock.FILE))) {
                            RunLock.take("--out=" + folder, folder).close();
                        }
                        throw new IllegalArgumentException("--out=" + folder
                                + " is not empty (expected: a new or empty folder); give another one");
                    }
                }
            }
            Files.createDirectories(folder);
            return new RunFolder(folder, RunLock.take("--out=" + folder, folder));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--out=" + folder + " cannot be written (" + e + "); give a folder that you may write to", e);
        }
    }

    /**
     * Opens the folder of a run that was stopped.
     *
     * @param what how the user named it
     * @param record takes in the steps and validations up to the newest checkpoint; what came after it is made again
     */
    static RunFolder reopen(String what, Path folder, RunRecord record) {
        try {
            RunLock lock = RunLock.take(what, folder);
            try {
                keepUpToCheckpoint(folder, record);
                return new RunFolder(folder, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    what + " cannot be read (" + e + "); check the folder and its checkpoints", e);
        }
    }

    private static void keepUpToCheckpoint(Path folder, RunRecord record) throws IOException {
        int saved = new CheckpointFolder(checkpoints(folder))
                .latest()
                .map(CheckpointFolder.Saved::step)
                .orElse(0);
        Path file = folder.resolve(METRICS);
        List<String> kept = new ArrayList<>();
        for (String text : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            if (text.endsWith("}") && takeIn(new ObjectMapper().readTree(text), saved, record)) {
                kept.add(text);
            }
        }
        Path partial = folder.resolve(METRICS + ".partial");
        Files.write(partial, kept);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean takeIn(JsonNode line, int saved, RunRecord record) {
        int step = line.path("step").asInt(Integer.MAX_VALUE);
        if (step > saved) {
            return false;
        }
        if (line.has("validationLoss")) {
            record.addEvaluation(step, line.get("validationLoss").asDouble());
        } else {
            record.add(step, line.path("loss").asDouble(), kind -> line.path(bytesName(kind))
                    .asLong());
        }
        return true;
    }

    /** Name of a step's bytes of one kind among its metrics. */
    static String bytesName(PayloadKind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "Bytes";
    }

    /** Where the checkpoints of a run are. */
    static Path checkpoints(Path folder) {
        return folder.resolve("checkpoints");
    }

    Path path() {
        return folder;
    }

    void writeJson(String name, Map<String, Object> content) throws IOException {
        Path partial = folder.resolve(name + ".partial");
        json.copy().enable(SerializationFeature.INDENT_OUTPUT).writeValue(partial.toFile(), content);
        Files.move(partial, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void metric(Map<String, Object> line) {
        try {
            metrics.write(json.writeValueAsString(line));
            metrics.newLine();
            metrics.flush(); // whoever stops the run, or watches it, finds every step
        } catch (IOException e) {
            throw new UncheckedIOException(unwritable(e), e);
        }
    }

    /** What to say of a failure, a full disk for instance: what was saved stays valid. */
    String unwritable(IOException cause) {
        return folder + " cannot be written (" + cause.getMessage()
                + "); free the disk, then go on from the last checkpoint with scape resume " + folder;
    }

    void writeModel(ComputationGraph network) throws IOException {
        ModelSerializer.writeModel(network, folder.resolve(MODEL).toFile(), false);
    }

    void writeCharts(RunRecord record) throws IOException {
        XYChart loss = chart("Loss by step", "step", "nats a token");
        loss.addSeries("training", record.steps, record.losses).setMarker(SeriesMarkers.NONE);
        if (!record.evalSteps.isEmpty()) {
            loss.addSeries("validation", record.evalSteps, record.evalLosses);
        }
        BitmapEncoder.saveBitmap(loss, folder.resolve("loss.png").toString(), BitmapEncoder.BitmapFormat.PNG);
        XYChart bytes = chart("Bytes that one rank sent", "step", "bytes");
        bytes.addSeries("sent", record.steps, record.bytes).setMarker(SeriesMarkers.NONE);
        BitmapEncoder.saveBitmap(bytes, folder.resolve("bytes.png").toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static XYChart chart(String title, String x, String y) {
        return new XYChartBuilder()
                .width(900)
                .height(500)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
    }

    @Override
    public void close() throws IOException {
        metrics.close();
        lock.close();
    }
}
