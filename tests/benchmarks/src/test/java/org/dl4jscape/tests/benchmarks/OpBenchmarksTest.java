package org.dl4jscape.tests.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks of the ops run, once and small, so that none of them rots. What it costs is not looked at. */
class OpBenchmarksTest {
    @ParameterizedTest
    @ValueSource(classes = {OpSendSideBenchmark.class, OpCallBenchmark.class})
    void shouldRunEveryMethod(Class<?> benchmark) throws RunnerException {
        Set<String> ran = new TreeSet<>();
        new Runner(new OptionsBuilder()
                        .include("\\b" + benchmark.getSimpleName() + "\\.")
                        .param("size", "5000")
                        .param("candidates", "500")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()
                .forEach(result -> ran.add(result.getParams().getBenchmark()));

        Set<String> declared = new TreeSet<>();
        Arrays.stream(benchmark.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .forEach(method -> declared.add(benchmark.getName() + "." + method.getName()));
        assertEquals(declared, ran);
    }

    @Test
    void shouldWriteTheTableAsData(@TempDir Path folder) throws Exception {
        OpTable.write(folder, 40_000, 2);

        JsonNode rows =
                new ObjectMapper().readTree(folder.resolve("ops.json").toFile()).get("rows");
        assertEquals(6, rows.size());
        rows.forEach(row -> assertTrue(row.get("ratio").asDouble() > 0, row.toString()));
    }
}
