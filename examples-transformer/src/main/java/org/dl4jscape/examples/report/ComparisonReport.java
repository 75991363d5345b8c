package org.dl4jscape.examples.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A comparison as one page: loss by tokens, by bytes and by time at a link, a table with the spread over the seeds, settings, machine
 * and command. The page loads nothing: charts are in it.
 */
public final class ComparisonReport {
    /** File of the settings in the folder of a comparison. */
    public static final String SETTINGS = "compare.json";

    private static final String FILE = "report.html";
    private static final int SMALLEST_LOG_BYTES = 1;

    private final Path folder;
    private final JsonNode settings;
    private final List<ArmSummary> arms;
    private final double linkGbit;

    private ComparisonReport(Path folder, JsonNode settings, List<ArmSummary> arms, double linkGbit) {
        if (!(linkGbit > 0) || Double.isInfinite(linkGbit)) {
            throw new IllegalArgumentException("--link-gbit=" + linkGbit + " (expected: finite and > 0), in Gbit/s");
        }
        this.folder = folder;
        this.settings = settings;
        this.arms = arms;
        this.linkGbit = linkGbit;
    }

    /**
     * Reads the finished runs of a comparison.
     *
     * @throws IllegalArgumentException when the folder is none of a comparison, or no run is finished
     */
    public static ComparisonReport of(Path folder) throws IOException {
        Path file = folder.resolve(SETTINGS);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(folder + " has no " + SETTINGS
                    + " (expected: the folder of a comparison); make one with scape compare");
        }
        JsonNode settings = new ObjectMapper().readTree(file.toFile());
        List<ArmSummary> arms = new ArrayList<>();
        for (JsonNode arm : settings.path("arms")) {
            Map<Long, RunCurve> runs = new LinkedHashMap<>();
            for (JsonNode seed : settings.path("seeds")) {
                Path run = folder.resolve(arm.asText() + "-seed" + seed.asLong());
                if (Files.exists(run.resolve("result.json"))) {
                    runs.put(seed.asLong(), RunCurve.read(run));
                }
            }
            if (!runs.isEmpty()) {
                arms.add(new ArmSummary(arm.asText(), runs));
            }
        }
        if (arms.isEmpty()) {
            throw new IllegalArgumentException(folder + " has no finished run; go on with "
                    + settings.path("command").asText());
        }
        return new ComparisonReport(
                folder, settings, arms, settings.path("linkGbit").asDouble(1));
    }

    /** The same for a link of another speed, in Gbit/s. */
    public ComparisonReport atLink(double gbit) {
        return new ComparisonReport(folder, settings, arms, gbit);
    }

    private double bytesPerSecond() {
        return linkGbit * 1e9 / 8;
    }

    /** Writes the page and returns its path. */
    public Path write() throws IOException {
        Path partial = folder.resolve(FILE + ".partial");
        Files.writeString(partial, html());
        return Files.move(partial, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    }

    String html() throws IOException {
        String byTokens = chart("Loss by tokens", "million tokens, all ranks", false, (run, p) -> p.tokens() / 1e6);
        String byBytes = chart(
                "Loss by bytes",
                "megabytes that one rank sent (logarithmic)",
                true,
                (run, p) -> Math.max(SMALLEST_LOG_BYTES, p.bytes()) / 1e6);
        String byTime = chart(
                String.format(Locale.ROOT, "Loss by time at %s Gbit/s", linkGbit),
                "seconds: arithmetic as measured, then the bytes over the link",
                false,
                (run, p) -> p.seconds(run.stepSeconds(), bytesPerSecond()));
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>SCAPE comparison</title><style>
                body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;background:#fff}
                table{border-collapse:collapse;width:100%;margin:1rem 0;display:block;overflow-x:auto}
                th,td{text-align:right;padding:.3rem .6rem;font-size:.92rem;border-bottom:1px solid #d8dee4;white-space:nowrap}
                th:first-child,td:first-child,.settings td{text-align:left;white-space:normal}
                img{width:100%;height:auto;border:1px solid #d8dee4;border-radius:6px;margin:.5rem 0}
                code{background:#f3f4f6;padding:.1rem .3rem;border-radius:4px;overflow-wrap:anywhere}
                </style></head><body>
                """
                + "<h1>Dense and sparse, side by side</h1>\n<p>" + lead() + "</p>\n" + table() + byTokens + byBytes
                + byTime + notes() + "</body></html>\n";
    }

    private String lead() {
        ArmSummary any = arms.get(0);
        RunCurve run = any.runs().values().iterator().next();
        return String.format(
                Locale.ROOT,
                "Model <b>%s</b>, %,d parameters, %d ranks, %d steps of %,.0f tokens, learning rate %s; validation loss in nats"
                        + " a token%s. Every arm sees the same windows in the same order.",
                escape(settings.path("preset").asText()),
                run.parameters(),
                settings.path("ranks").asInt(),
                settings.path("steps").asInt(),
                run.points().isEmpty()
                        ? 0
                        : run.points().get(0).tokens() / run.points().get(0).step(),
                settings.path("learningRate").asText(),
                Double.isNaN(run.bigramLoss())
                        ? ""
                        : String.format(Locale.ROOT, " (bigram model: %.3f)", run.bigramLoss()));
    }

    private String table() {
        StringBuilder rows = new StringBuilder("<table><tr><th>arm</th>");
        for (JsonNode seed : settings.path("seeds")) {
            rows.append("<th>seed ").append(seed.asText()).append("</th>");
        }
        rows.append("<th>mean</th><th>spread</th><th>to dense, by seed</th><th>bytes to dense</th><th>step</th>")
                .append(String.format(Locale.ROOT, "<th>run at %s Gbit/s</th></tr>%n", linkGbit));
        for (ArmSummary arm : arms) {
            rows.append("<tr><td>").append(escape(arm.name())).append("</td>");
            for (JsonNode seed : settings.path("seeds")) {
                RunCurve run = arm.runs().get(seed.asLong());
                rows.append(run == null ? "<td>–</td>" : String.format(Locale.ROOT, "<td>%.4f</td>", run.loss()));
            }
            double whole = arm.points() == 0
                    ? Double.NaN
                    : arm.at(arm.points() - 1, p -> p.seconds(arm.mean(RunCurve::stepSeconds), bytesPerSecond()));
            rows.append(String.format(
                    Locale.ROOT,
                    "<td><b>%.4f</b></td><td>± %.4f</td><td>%s</td><td>%.4f</td><td>%.0f ms</td><td>%.0f s</td></tr>%n",
                    arm.mean(RunCurve::loss),
                    arm.deviation(),
                    gaps(arm),
                    arm.mean(RunCurve::bytesRatio),
                    1e3 * arm.mean(RunCurve::stepSeconds),
                    whole));
        }
        return rows.append("</table>\n").toString();
    }

    private String gaps(ArmSummary arm) {
        Map<Long, RunCurve> dense = arms.stream()
                .filter(other -> other.name().equals("dense"))
                .findFirst()
                .map(ArmSummary::runs)
                .orElse(Map.of());
        StringBuilder text = new StringBuilder();
        arm.runs().forEach((seed, run) -> {
            RunCurve reference = dense.get(seed);
            if (reference != null && !arm.name().equals("dense")) {
                text.append(String.format(Locale.ROOT, "%+.1f %% ", 100 * (run.loss() / reference.loss() - 1)));
            }
        });
        return text.toString().strip();
    }

    private String chart(String title, String x, boolean logarithmic, ToDoubleBiFunction<RunCurve, RunCurve.Point> of)
            throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(520)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle("validation loss")
                .build();
        chart.getStyler().setXAxisLogarithmic(logarithmic);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
        for (ArmSummary arm : arms) {
            List<Double> xs = new ArrayList<>();
            List<Double> ys = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            for (int i = 0; i < arm.points(); i++) {
                int index = i;
                xs.add(arm.runs().values().stream()
                        .mapToDouble(run -> of.applyAsDouble(run, run.points().get(index)))
                        .average()
                        .orElse(Double.NaN));
                ys.add(arm.at(i, RunCurve.Point::loss));
                errors.add(arm.halfRange(i));
            }
            if (!xs.isEmpty()) {
                chart.addSeries(arm.name(), xs, ys, errors).setMarker(SeriesMarkers.CIRCLE);
            }
        }
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        return "<img alt=\"" + escape(title) + "\" src=\"data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(svg.toByteArray()) + "\">\n";
    }

    private String notes() throws IOException {
        StringBuilder list = new StringBuilder("<h2>How it was made</h2>\n<p><code>");
        list.append(escape(settings.path("command").asText())).append("</code></p>\n<table class=\"settings\">");
        settings.fields().forEachRemaining(field -> {
            if (!List.of("command", "linkGbit").contains(field.getKey())) {
                String value = field.getValue().isTextual()
                        ? field.getValue().asText()
                        : field.getValue().toString();
                list.append("<tr><td>").append(escape(field.getKey())).append("</td><td>");
                list.append(escape(value)).append("</td></tr>\n");
            }
        });
        list.append("<tr><td>machine</td><td>").append(escape(machine())).append("</td></tr></table>\n");
        return list.append(
                        "<p>Spread: standard deviation over the seeds; bars: range. Dense is AdamS with every gradient"
                                + " exchanged. Bytes: of sparse steps, after the dense warm-up; the curves by bytes count the warm-up"
                                + " too. Time: the median step of each run as measured, ranks as threads of one machine, plus its bytes"
                                + " over the link; computed, not measured on a link.</p>\n")
                .toString();
    }

    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String cpu = "unknown processor";
        if (Files.exists(info)) {
            try (var lines = Files.lines(info, StandardCharsets.UTF_8)) {
                cpu = lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(cpu);
            }
        }
        return cpu + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name")
                + " " + System.getProperty("os.version") + ", JDK " + System.getProperty("java.vm.version");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
