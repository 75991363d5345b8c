package org.dl4jscape.examples.report;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One arm over its seeds.
 *
 * @param name of the arm
 * @param runs finished ones by seed, at least one
 */
record ArmSummary(String name, Map<Long, RunCurve> runs) {
    double mean(ToDoubleFunction<RunCurve> of) {
        return runs.values().stream().mapToDouble(of).average().orElse(Double.NaN);
    }

    /** Standard deviation over the seeds, of a sample; 0 for a single one. */
    double deviation() {
        double mean = mean(RunCurve::loss);
        double squares = runs.values().stream()
                .mapToDouble(run -> (run.loss() - mean) * (run.loss() - mean))
                .sum();
        return runs.size() < 2 ? 0 : Math.sqrt(squares / (runs.size() - 1));
    }

    /** The shortest of the seeds' lists of validations. */
    int points() {
        return runs.values().stream().mapToInt(run -> run.points().size()).min().orElse(0);
    }

    /** Mean over the seeds at one validation. */
    double at(int index, ToDoubleFunction<RunCurve.Point> of) {
        return runs.values().stream()
                .mapToDouble(run -> of.applyAsDouble(run.points().get(index)))
                .average()
                .orElse(Double.NaN);
    }

    /** Half the range of the loss over the seeds at one validation. */
    double halfRange(int index) {
        List<Double> losses = runs.values().stream()
                .map(run -> run.points().get(index).loss())
                .sorted()
                .toList();
        return (losses.get(losses.size() - 1) - losses.get(0)) / 2;
    }
}
