package org.dl4jscape.tests.benchmarks;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One benchmark with one set of parameters in one round.
 *
 * @param question what it belongs to
 * @param method name of the benchmark method
 * @param parameters JMH's, by name
 * @param nanos median time of one operation in nanoseconds
 * @param allocatedBytes what one operation allocates, NaN if not measured
 */
record Measured(String question, String method, Map<String, String> parameters, double nanos, double allocatedBytes) {
    private static final String BASELINE = "arrayCopy";
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    static Measured of(Question question, RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> parameters = new TreeMap<>();
        params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
        String full = params.getBenchmark();
        Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
        // A batch of single shots is timed, and its allocations are counted, as a whole.
        int batch = params.getMeasurement().getBatchSize();
        return new Measured(
                question.name(),
                full.substring(full.lastIndexOf('.') + 1),
                parameters,
                result.getPrimaryResult().getStatistics().getPercentile(50) / batch,
                allocation == null ? Double.NaN : allocation.getScore() / batch);
    }

    boolean isBaseline() {
        return method.equals(BASELINE);
    }

    /** Whether the other one is the baseline of this one. */
    boolean hasBaseline(Measured other) {
        return other.isBaseline()
                && other.question.equals(question)
                && other.size() == size()
                && other.density() == density()
                && Objects.equals(other.text("input"), text("input"));
    }

    /** The same benchmark with the same parameters, in whatever round. */
    boolean isRepeatOf(Measured other) {
        return other.question.equals(question) && other.method.equals(method) && other.parameters.equals(parameters);
    }

    long size() {
        return Long.parseLong(parameters.getOrDefault("size", "0"));
    }

    double density() {
        return Double.parseDouble(parameters.getOrDefault("density", "1"));
    }

    @Nullable
    String text(String parameter) {
        return parameters.get(parameter);
    }
}
