package org.dl4jscape.examples.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.step.StepPhase;
import org.dl4jscape.core.step.StepStats;

/** Sums up the steps of a run: times, bytes, losses. One thread. */
final class RunRecord {
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private final int warmupSteps;
    private final Histogram stepNs = new Histogram(LONGEST_NS, 3);
    private final Map<PayloadKind, Long> sparseBytes = new EnumMap<>(PayloadKind.class);
    private final Map<StepPhase, Long> phaseNs = new EnumMap<>(StepPhase.class);
    final List<Double> steps = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    final List<Double> bytes = new ArrayList<>();
    final List<Double> evalSteps = new ArrayList<>();
    final List<Double> evalLosses = new ArrayList<>();
    private long totalBytes;
    private int sparseSteps;
    private int timedSteps;
    private long lastNs = System.nanoTime();

    RunRecord(int warmupSteps) {
        this.warmupSteps = warmupSteps;
    }

    /** Forgets the time since the last step, which a validation used. */
    void restartClock() {
        lastNs = System.nanoTime();
    }

    void add(StepStats stats) {
        long now = System.nanoTime();
        if (stats.step() > 3) {
            stepNs.recordValue(Math.min(LONGEST_NS, now - lastNs));
        }
        lastNs = now;
        timedSteps++;
        for (StepPhase phase : StepPhase.values()) {
            phaseNs.merge(phase, stats.nanos(phase), Long::sum);
        }
        add(stats.step(), stats.loss(), stats::bytesSent);
    }

    /** A step of which only this is known: it was made before the run was stopped and resumed. */
    void add(int step, double loss, ToLongFunction<PayloadKind> sent) {
        boolean sparse = step > warmupSteps;
        sparseSteps += sparse ? 1 : 0;
        for (PayloadKind kind : PayloadKind.values()) {
            totalBytes += sent.applyAsLong(kind);
            if (sparse) {
                sparseBytes.merge(kind, sent.applyAsLong(kind), Long::sum);
            }
        }
        steps.add((double) step);
        losses.add(loss);
        bytes.add((double) totalBytes);
    }

    /** Takes a validation in; returns whether it is new, and not one that a resumed run makes again. */
    boolean addEvaluation(int step, double loss) {
        if (evalSteps.contains((double) step)) {
            return false;
        }
        evalSteps.add((double) step);
        evalLosses.add(loss);
        return true;
    }

    /** Steps of the whole run, also of those before it was resumed. */
    int steps() {
        return steps.size();
    }

    /** The newest validation loss, in nats a character. */
    double lastEvaluation() {
        return evalLosses.get(evalLosses.size() - 1);
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Bytes that one rank sent in a sparse step, on average; 0 if there was none. */
    double bytesPerSparseStep(PayloadKind kind) {
        return sparseSteps == 0 ? 0 : (double) sparseBytes.getOrDefault(kind, 0L) / sparseSteps;
    }

    Map<String, Object> bytesSentPerStep() {
        Map<String, Object> map = new LinkedHashMap<>();
        for (PayloadKind kind : PayloadKind.values()) {
            map.put(kind.name().toLowerCase(Locale.ROOT), bytesPerSparseStep(kind));
        }
        return map;
    }

    Map<String, Object> stepMillis() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("p50", stepNs.getValueAtPercentile(50) / 1e6);
        map.put("p95", stepNs.getValueAtPercentile(95) / 1e6);
        return map;
    }

    Map<String, Object> phaseMillis() {
        Map<String, Object> map = new LinkedHashMap<>();
        phaseNs.forEach(
                (phase, ns) -> map.put(phase.name().toLowerCase(Locale.ROOT), ns / 1e6 / Math.max(1, timedSteps)));
        return map;
    }
}
