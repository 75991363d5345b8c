package org.dl4jscape.examples.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A finished run, as its folder has it.
 *
 * @param loss validation loss at the end, in nats a token
 * @param bytesRatio bytes of a sparse step over those of a dense one
 * @param stepSeconds median time of a step, exchange in memory
 * @param parameters of the model
 * @param bigramLoss of the model to beat; NaN where it was not counted
 * @param points one a validation
 */
record RunCurve(
        double loss, double bytesRatio, double stepSeconds, long parameters, double bigramLoss, List<Point> points) {
    /**
     * A validation.
     *
     * @param step after which it was made
     * @param tokens that all ranks had seen
     * @param bytes that one rank had sent
     * @param loss in nats a token
     */
    record Point(int step, double tokens, double bytes, double loss) {
        /** Seconds since the start where bytes travel at some speed after the arithmetic of each step. */
        double seconds(double stepSeconds, double bytesPerSecond) {
            return step * stepSeconds + bytes / bytesPerSecond;
        }
    }

    static RunCurve read(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode result = json.readTree(folder.resolve("result.json").toFile());
        double tokensPerStep =
                result.get("tokens").asDouble() / result.get("steps").asInt();
        List<Point> points = new ArrayList<>();
        double bytes = 0;
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve("metrics.jsonl"))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                JsonNode line = json.readTree(text);
                int step = line.path("step").asInt();
                if (line.has("validationLoss")) {
                    points.add(new Point(
                            step,
                            step * tokensPerStep,
                            bytes,
                            line.get("validationLoss").asDouble()));
                } else {
                    for (String kind : List.of("valuesBytes", "maskBytes", "controlBytes")) {
                        bytes += line.path(kind).asDouble();
                    }
                }
            }
        }
        return new RunCurve(
                result.get("validationLoss").asDouble(),
                result.get("bytesRatio").asDouble(),
                result.path("stepMillis").path("p50").asDouble() / 1e3,
                result.get("parameters").asLong(),
                result.path("bigramLoss").asDouble(Double.NaN),
                points);
    }
}
