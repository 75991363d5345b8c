package org.dl4jscape.tests.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/**
 * Runs every question in rounds and writes the table: JMH's own data as {@code jmh-round-N.json}, and {@code kernels.json}
 * with the ratios. Its schema stands in the module's README.
 *
 * <p>A round measures every subject and its baseline in one fork each; ratios are taken within a round, so that a machine
 * that slows down between rounds does not enter them.
 */
public final class ResultTable {
    private static final int ROUNDS = 2;

    private ResultTable() {}

    /**
     * Runs.
     *
     * @param args where to write, then optionally the number of rounds
     */
    public static void main(String[] args) throws IOException, RunnerException {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("expected: folder to write to, and optionally the number of rounds");
        }
        int rounds = args.length == 2 ? Integer.parseInt(args[1]) : ROUNDS;
        write(
                Path.of(args[0]),
                rounds,
                Question.all().stream().map(ResultTable::run).toList());
    }

    /** A question and how it is run. */
    record Run(Question question, Options options) {}

    private static Run run(Question question) {
        return new Run(question, question.options().build());
    }

    /** Runs everything in rounds and writes all files. */
    static void write(Path folder, int rounds, List<Run> runs) throws IOException, RunnerException {
        Files.createDirectories(folder);
        double loadBefore = Machine.load();
        long startNs = System.nanoTime();
        List<Measured> measured = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            measured.addAll(round(runs, folder.resolve("jmh-round-" + round + ".json")));
        }
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        table.put("command", "tests/benchmarks/run --table " + rounds);
        table.put("rounds", rounds);
        table.put("seconds", (System.nanoTime() - startNs) / 1_000_000_000);
        table.put("machine", Machine.here());
        table.put("loadBefore", loadBefore);
        table.put("loadAfter", Machine.load());
        table.put("copyGigabytesPerSecond", copySpeed(measured));
        table.put("rows", rows(measured));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("kernels.json").toFile(), table);
    }

    private static List<Measured> round(List<Run> runs, Path file) throws IOException, RunnerException {
        List<RunResult> all = new ArrayList<>();
        List<Measured> measured = new ArrayList<>();
        for (Run run : runs) {
            Collection<RunResult> results = new Runner(run.options()).run();
            all.addAll(results);
            results.forEach(result -> measured.add(Measured.of(run.question(), result)));
        }
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(all);
        }
        return measured;
    }

    /** Of the longest copied array, its bytes counted once read and once written. */
    private static double copySpeed(List<Measured> measured) {
        return measured.stream()
                .filter(m -> m.isBaseline() && m.question().equals("send side"))
                .mapToDouble(m -> rounded(8.0 * m.size() / m.nanos()))
                .max()
                .orElse(Double.NaN);
    }

    /** One row for each subject, over all rounds. */
    static List<Row> rows(List<Measured> measured) {
        List<Row> rows = new ArrayList<>();
        List<Measured> seen = new ArrayList<>();
        for (Measured subject : measured) {
            if (!subject.isBaseline() && seen.stream().noneMatch(subject::isRepeatOf)) {
                seen.add(subject);
                rows.add(row(measured.stream().filter(subject::isRepeatOf).toList(), measured));
            }
        }
        return rows;
    }

    private static Row row(List<Measured> repeats, List<Measured> all) {
        Measured first = repeats.get(0);
        List<Measured> baselines = all.stream().filter(first::hasBaseline).toList();
        double[] ratios = new double[repeats.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = repeats.get(round).nanos() / baselines.get(round).nanos();
        }
        Arrays.sort(ratios);
        double nanos = median(repeats.stream().mapToDouble(Measured::nanos).toArray());
        double allocated =
                median(repeats.stream().mapToDouble(Measured::allocatedBytes).toArray());
        MaskCodecBenchmark mask = drawnMask(first);
        Integer encoded = mask == null ? null : mask.encodedBytes();
        return new Row(
                first.question(),
                first.method(),
                first.text("kernels"),
                first.text("input"),
                first.size(),
                first.density(),
                rounded(median(ratios)),
                rounded(ratios[0]),
                rounded(ratios[ratios.length - 1]),
                LimitBytes.ratioToCopy(first, mask),
                rounded(nanos / first.size()),
                Double.isNaN(allocated) ? null : rounded(allocated),
                encoded,
                mask == null ? null : rounded(mask.encodedBytes() / entropyBound(first.size(), mask.drawnDensity())),
                mask == null ? null : mask.form());
    }

    private static @Nullable MaskCodecBenchmark drawnMask(Measured measured) {
        if (!measured.question().equals("mask codec")) {
            return null;
        }
        MaskCodecBenchmark mask = new MaskCodecBenchmark();
        mask.size = (int) measured.size();
        mask.density = measured.density();
        mask.draw();
        return mask;
    }

    /** Bytes below which no code for masks of this density can come on average. */
    static double entropyBound(long size, double density) {
        double bits = -density * Math.log(density) - (1 - density) * Math.log1p(-density);
        return size * bits / Math.log(2) / 8;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** To three digits behind the point; more would only be noise. */
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
