package org.dl4jscape.tests.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The table of the ops, {@code ops.json}: the benchmarks of {@link OpSendSideBenchmark} and {@link OpCallBenchmark} by the
 * processor time of the calling thread, which other programs on the machine inflate far less than JMH's wall-clock time.
 *
 * <p>Everything runs in one thread of one JVM. A round measures each subject and its baseline one behind the other; the table
 * has medians over the rounds.
 */
public final class OpTable {
    private static final int SIZE = 25_000_000;
    private static final int ROUNDS = 9;
    private static final long NANOS_A_MICRO = 1000;

    private OpTable() {}

    /**
     * One line of the table.
     *
     * @param subject what ran
     * @param size how many values
     * @param baseline what it is compared with, in the same round
     * @param cpuMicros median processor time of one run, in microseconds
     * @param baselineCpuMicros of the baseline
     * @param ratio median over the rounds of subject / baseline
     */
    record OpRow(String subject, int size, String baseline, double cpuMicros, double baselineCpuMicros, double ratio) {}

    /** Writes the table into the folder that is given. */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            throw new IllegalArgumentException("expected: folder to write to");
        }
        write(Path.of(args[0]), SIZE, ROUNDS);
    }

    static void write(Path folder, int size, int rounds) throws Exception {
        double loadBefore = Machine.load();
        List<OpRow> rows = new ArrayList<>(calls(rounds));
        rows.addAll(sendSide(size, rounds));
        rows.addAll(selection(Math.min(size, 100_000), rounds));
        rows.addAll(selection(Math.min(size, 1_000_000), rounds));
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("title", "Ops and ND4J's own, by processor time");
        table.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        table.put("command", "tests/benchmarks/run --ops");
        table.put("rounds", rounds);
        table.put("machine", Machine.here());
        table.put("loadBefore", loadBefore);
        table.put("loadAfter", Machine.load());
        table.put("rows", rows);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("ops.json").toFile(), table);
    }

    private static List<OpRow> calls(int rounds) throws Exception {
        OpCallBenchmark calls = new OpCallBenchmark();
        int inner = 300 * rounds;
        // Once for HotSpot.
        compare("warm-up", 8, "", rounds, inner, calls::scapeUnpack, calls::nd4jAddBaseline);
        return List.of(
                compare("scape_unpack", 8, "ND4J's add", rounds, inner, calls::scapeUnpack, calls::nd4jAddBaseline));
    }

    private static List<OpRow> sendSide(int length, int rounds) throws Exception {
        OpSendSideBenchmark benchmark = new OpSendSideBenchmark();
        OpSendSideBenchmark.Size size = new OpSendSideBenchmark.Size();
        size.size = length;
        OpSendSideBenchmark.Baseline copied = new OpSendSideBenchmark.Baseline();
        copied.fill(size);
        Callable<Object> copy = () -> benchmark.arrayCopy(copied);
        List<OpRow> rows = new ArrayList<>();
        for (String kernels : List.of("vector", "nd4j")) {
            OpSendSideBenchmark.HeapState rank = new OpSendSideBenchmark.HeapState();
            rank.kernels = kernels;
            rank.draw(size);
            rows.add(compare(
                    "accumulate, select, pack: kernels " + kernels,
                    length,
                    "array copy",
                    rounds,
                    1,
                    () -> benchmark.kernels(rank),
                    copy));
        }
        OpSendSideBenchmark.ArrayState arrays = new OpSendSideBenchmark.ArrayState();
        arrays.draw(size);
        rows.add(compare(
                "accumulate with noise, select, pack: three ops",
                length,
                "array copy",
                rounds,
                1,
                () -> benchmark.ops(arrays),
                copy));
        return rows;
    }

    private static List<OpRow> selection(int length, int rounds) throws Exception {
        OpSendSideBenchmark benchmark = new OpSendSideBenchmark();
        OpSendSideBenchmark.Candidates few = new OpSendSideBenchmark.Candidates();
        few.candidates = length;
        few.draw();
        return List.of(compare(
                "scape_select of 1 %",
                length, "ND4J's top_k", rounds, 1, () -> benchmark.selectFew(few), () -> benchmark.nd4jTopKOfFew(few)));
    }

    private static OpRow compare(
            String subject,
            int size,
            String baseline,
            int rounds,
            int inner,
            Callable<Object> measured,
            Callable<Object> compared)
            throws Exception {
        double[] times = new double[rounds];
        double[] baselines = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = -rounds; round < rounds; round++) {
            double time = cpuMicros(inner, measured);
            double base = cpuMicros(inner, compared);
            if (round >= 0) {
                times[round] = time;
                baselines[round] = base;
                ratios[round] = time / base;
            }
        }
        return new OpRow(subject, size, baseline, median(times), median(baselines), median(ratios));
    }

    private static double cpuMicros(int inner, Callable<Object> action) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < inner; i++) {
            action.call();
        }
        return (threads.getCurrentThreadCpuTime() - before) / (double) NANOS_A_MICRO / inner;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Math.round(1000 * sorted[sorted.length / 2]) / 1000.0;
    }
}
