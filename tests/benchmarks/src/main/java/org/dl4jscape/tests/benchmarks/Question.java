package org.dl4jscape.tests.benchmarks;

import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One JMH run: a benchmark class, subjects and baseline together, with its parameters.
 *
 * @param name what is asked; a row of the table carries it
 * @param benchmark the class
 * @param parameters values that replace the class's own
 * @param batch invocations of one single shot, 0 for the class's own
 */
record Question(String name, Class<?> benchmark, Map<String, List<String>> parameters, int batch) {
    /** Steps after which HotSpot has compiled all of a step, so that what it still allocates is what it always will. */
    private static final int LONG_BATCH = 10_000;

    private static final List<String> ADVERSARIAL =
            List.of("ALL_EQUAL", "EQUAL_LEADING_BITS", "ASCENDING", "DESCENDING");

    /** What the table answers. */
    static List<Question> all() {
        return List.of(
                new Question("send side", SendSideBenchmark.class, Map.of()),
                new Question(
                        "send side, small",
                        SendSideBenchmark.class,
                        Map.of(
                                "size", List.of("100000"),
                                "density", List.of("0.01"),
                                "kernels", List.of("reference", "vector"))),
                new Question("selection by size", SelectionBenchmark.class, Map.of()),
                new Question(
                        "selection, hard inputs",
                        SelectionBenchmark.class,
                        Map.of("size", List.of("5000000"), "input", ADVERSARIAL)),
                new Question("mask codec", MaskCodecBenchmark.class, Map.of()),
                new Question("optimizer", UpdateBenchmark.class, Map.of()),
                new Question("whole step", ScapeStepBenchmark.class, Map.of()),
                new Question(
                        "whole step, small, many",
                        ScapeStepBenchmark.class,
                        Map.of("size", List.of("5000")),
                        LONG_BATCH));
    }

    Question(String name, Class<?> benchmark, Map<String, List<String>> parameters) {
        this(name, benchmark, parameters, 0);
    }

    /** JMH options for one round: a fork for each benchmark and set of parameters. */
    ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\b" + benchmark.getSimpleName() + "\\.")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (batch > 0) {
            options.warmupBatchSize(batch).measurementBatchSize(batch);
        }
        parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        return options;
    }
}
