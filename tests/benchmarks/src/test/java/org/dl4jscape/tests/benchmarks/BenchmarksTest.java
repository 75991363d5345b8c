package org.dl4jscape.tests.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, once and small, so that none of them rots. What it costs is not looked at. */
class BenchmarksTest {
    private static final String SIZE = "5000";

    static Stream<Class<?>> benchmarks() {
        return Question.all().stream().<Class<?>>map(Question::benchmark).distinct();
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldRunEveryMethodWithEveryParameter(Class<?> benchmark) throws RunnerException {
        Collection<RunResult> results = runOnce(small(benchmark));

        Set<String> ran = new TreeSet<>();
        results.forEach(result -> ran.add(result.getParams().getBenchmark()));
        Set<String> declared = new TreeSet<>();
        for (Method method : benchmark.getMethods()) {
            if (method.isAnnotationPresent(Benchmark.class)) {
                declared.add(benchmark.getName() + "." + method.getName());
            }
        }
        assertEquals(declared, ran);
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldMakeARowForEverySubjectWithItsBaseline(Class<?> benchmark) throws RunnerException {
        Question question = small(benchmark);
        List<Measured> measured = runOnce(question).stream()
                .map(result -> Measured.of(question, result))
                .toList();

        List<Row> rows = ResultTable.rows(measured);

        assertEquals(measured.stream().filter(m -> !m.isBaseline()).count(), rows.size());
        for (Row row : rows) {
            assertTrue(row.ratioToCopy() > 0 && row.ratioMin() <= row.ratioMax(), row.toString());
            assertEquals(row.question().equals("mask codec"), row.encodedBytes() != null, row.toString());
        }
    }

    private static Question small(Class<?> benchmark) {
        Question first = Question.all().stream()
                .filter(question -> question.benchmark() == benchmark)
                .findFirst()
                .orElseThrow();
        return new Question(first.name(), benchmark, Map.of("size", List.of(SIZE)));
    }

    private static Collection<RunResult> runOnce(Question question) throws RunnerException {
        return new Runner(once(question)).run();
    }

    private static Options once(Question question) {
        return question.options()
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    @Test
    void shouldWriteTheTableAsData(@TempDir Path folder) throws Exception {
        List<ResultTable.Run> runs = Stream.of(MaskCodecBenchmark.class, UpdateBenchmark.class)
                .map(BenchmarksTest::small)
                .map(question -> new ResultTable.Run(question, once(question)))
                .toList();

        ResultTable.write(folder, 2, runs);

        JsonNode table =
                new ObjectMapper().readTree(folder.resolve("kernels.json").toFile());
        assertEquals(2, table.get("rounds").asInt());
        // Four densities, encoded and decoded; two densities, two rules.
        assertEquals(12, table.get("rows").size());
        for (int round = 1; round <= 2; round++) {
            JsonNode own = new ObjectMapper()
                    .readTree(folder.resolve("jmh-round-" + round + ".json").toFile());
            assertEquals(18, own.size(), "subjects and baselines in JMH's own data");
        }
    }

    @Test
    void shouldKnowTheEntropyOfAMask() {
        assertEquals(125, ResultTable.entropyBound(1000, 0.5), 1e-9);
        assertEquals(0.0586, ResultTable.entropyBound(1_000_000, 0.1) / 1e6, 1e-4);
        assertEquals(0.0101, ResultTable.entropyBound(1_000_000, 0.01) / 1e6, 1e-4);
    }

    @Test
    void shouldDescribeTheMachine() throws Exception {
        Machine machine = Machine.here();
        assertTrue(machine.cores() > 0 && machine.memoryGiB() > 0, machine.toString());
        assertTrue(machine.jdk().startsWith(Runtime.version().feature() + "."), machine.toString());
    }
}
