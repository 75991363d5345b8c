package org.dl4jscape.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Puts the runs of {@code tests/benchmarks/convergence} side by side: validation loss by arm and seed, the gap of each seed to
 * its dense run, and bytes.
 */
public final class ConvergenceTable {
    private static final List<String> ARMS = List.of(
            "dense", "look-ahead-90", "closed-form-90", "look-ahead-99", "closed-form-99", "capped-99", "none-99");
    private static final List<Integer> SEEDS = List.of(1, 2, 3);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ConvergenceTable() {}

    /**
     * Reads the runs, writes the table as data, and prints it as Markdown.
     *
     * @param arguments the folder of the runs, and the file to write
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("arguments: FOLDER FILE (expected: 2, not " + arguments.length + ")");
        }
        Path runs = Path.of(arguments[0]);
        ObjectNode table = JSON.createObjectNode();
        table.put("title", "The example after 800 steps");
        table.put("command", "tests/benchmarks/convergence");
        table.put("unit", "validation loss, nats per character");
        JsonNode any = result(runs, ARMS.get(0), SEEDS.get(0));
        for (String field : List.of("steps", "worldSize", "parameters", "bigramLoss", "denseBytesPerStep")) {
            table.set(field, any.get(field));
        }
        table.putObject("chart")
                .put("list", "arms")
                .put("label", "arm")
                .put("value", "mean")
                .put("unit", "nats per character");
        ArrayNode rows = table.putArray("arms");
        System.out.println("| arm | seed 1 | seed 2 | seed 3 | mean | to dense, seed by seed | bytes against dense |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String arm : ARMS) {
            addRow(runs, arm, rows);
        }
        Files.createDirectories(Path.of(arguments[1]).toAbsolutePath().getParent());
        Files.writeString(Path.of(arguments[1]), JSON.writeValueAsString(table) + "\n");
    }

    private static JsonNode result(Path runs, String arm, int seed) throws IOException {
        return JSON.readTree(
                runs.resolve(arm + "-seed" + seed).resolve("result.json").toFile());
    }

    private static void addRow(Path runs, String arm, ArrayNode rows) throws IOException {
        ObjectNode row = rows.addObject().put("arm", arm);
        row.set("density", result(runs, arm, 1).get("density"));
        StringBuilder cells = new StringBuilder();
        StringBuilder signs = new StringBuilder();
        double sum = 0;
        double bytes = 0;
        for (int seed : SEEDS) {
            JsonNode run = result(runs, arm, seed);
            double loss = run.get("validationLoss").asDouble();
            double dense = result(runs, "dense", seed).get("validationLoss").asDouble();
            double gap = 100 * (loss / dense - 1);
            row.put("seed" + seed, rounded(loss)).put("gapPercent" + seed, rounded(gap));
            sum += loss;
            bytes += run.get("bytesRatio").asDouble();
            cells.append(String.format(Locale.ROOT, " %.4f |", loss));
            signs.append(String.format(Locale.ROOT, " %+.1f %%", gap));
        }
        int seeds = SEEDS.size();
        row.put("mean", rounded(sum / seeds)).put("bytesRatio", rounded(bytes / seeds));
        System.out.printf(Locale.ROOT, "| %s |%s %.4f |%s | %.4f |%n", arm, cells, sum / seeds, signs, bytes / seeds);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
