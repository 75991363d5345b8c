package org.dl4jscape.tests.benchmarks.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the transport is to reach, as ratios of one run, beside what was measured. */
final class TransportAims {
    private static final double ROUND_TRIP_MS = 2.2;

    private final List<Measurement> measurements;
    private final List<Aim> aims = new ArrayList<>();

    private TransportAims(List<Measurement> measurements) {
        this.measurements = measurements;
    }

    /**
     * One aim.
     *
     * @param question what was asked
     * @param result ratio that was measured
     * @param aim with its direction
     * @param met whether it is reached
     * @param ofAim result over aim, or aim over result where more is better
     */
    record Aim(String question, double result, String aim, boolean met, double ofAim) {}

    /** All whose measurements are there. */
    static List<Aim> of(List<Measurement> measurements) {
        TransportAims all = new TransportAims(measurements);
        all.links();
        all.loopback();
        all.rest();
        return all.aims;
    }

    private void links() {
        atMost(
                "time over bound, 100 Mbit/s, N = 2, 10 MB",
                1.10,
                find("100mbit", 2, 10_000_000, "aeron dense"),
                Measurement::overBound);
        atMost(
                "time over bound, 100 Mbit/s, N = 4, 10 MB",
                1.25,
                find("100mbit", 4, 10_000_000, "aeron dense"),
                Measurement::overBound);
        atMost(
                "time over bound, 1 Gbit/s, N = 2, 100 MB",
                1.6,
                find("1gbit", 2, 100_000_000, "aeron dense"),
                Measurement::overBound);
        atMost(
                "time over bound, 1 Gbit/s, N = 2, 100 MB, tcp",
                1.6,
                find("1gbit", 2, 100_000_000, "tcp dense"),
                Measurement::overBound);
        atMost(
                "bytes over bound, N = 4, 10 MB",
                1.10,
                find("100mbit", 4, 10_000_000, "aeron dense"),
                Measurement::bytesOverBound);
    }

    private void loopback() {
        atLeast(
                "speed of plain TCP, UDP on loopback, 100 MB",
                0.5,
                find("loopback", 2, 100_000_000, "aeron dense"),
                Measurement::ofPlainTcp);
        atLeast(
                "speed of plain TCP, shared memory, 100 MB",
                1.0,
                find("loopback", 2, 100_000_000, "ipc dense"),
                Measurement::ofPlainTcp);
    }

    private void rest() {
        atMost(
                "p99 of 1 KB at 1 % loss, in round trips of 2.2 ms",
                5, find("loss", 2, 2000, "aeron gather"), m -> m.p99Ms() / ROUND_TRIP_MS);
        Optional<Measurement> dense = find("sparse", 4, 10_000_000, "density=1}");
        Optional<Measurement> sparse = find("sparse", 4, 10_000_000, "density=0.01}");
        if (dense.isPresent()) {
            double denseMs = dense.get().medianMs();
            atLeast(
                    "transfer of a step at 99 %, N = 4, 100 Mbit/s, times shorter than dense",
                    30, sparse, m -> denseMs / m.medianMs());
        }
        atMost("bytes of the mask over values, 99 %", 0.30, sparse, Measurement::maskOverValues);
        atMost(
                "bytes of the mask over values, 90 %",
                0.20, find("sparse", 4, 10_000_000, "density=0.1}"), Measurement::maskOverValues);
        atMost(
                "processor share of an idle rank, UDP",
                0.05,
                find("idle", 2, 1000, "aeron idle"),
                Measurement::processorShare);
        Optional<Measurement> alone = find("overlap", 2, 40_000_000, "density=0.01}");
        if (alone.isPresent()) {
            double aloneMs = alone.get().medianMs();
            atMost(
                    "exposed part of a mask gather behind 20 ms of computing",
                    0.05,
                    find("overlap", 2, 40_000_000, "computeMs=20"),
                    m -> m.medianMs() / aloneMs);
        }
    }

    private Optional<Measurement> find(String part, int ranks, int bytes, String subject) {
        return measurements.stream()
                .filter(m -> m.part().equals(part) && m.ranks() == ranks && m.bytes() == bytes)
                .filter(m -> m.subject().contains(subject))
                .findFirst();
    }

    private void atMost(
            String question, double aim, Optional<Measurement> measured, ToDoubleFunction<Measurement> ratio) {
        measured.map(ratio::applyAsDouble).ifPresent(value -> add(question, value, "at most " + aim, value / aim));
    }

    private void atLeast(
            String question, double aim, Optional<Measurement> measured, ToDoubleFunction<Measurement> ratio) {
        measured.map(ratio::applyAsDouble).ifPresent(value -> add(question, value, "at least " + aim, aim / value));
    }

    private void add(String question, double result, String aim, double ofAim) {
        aims.add(new Aim(question, Measurement.rounded(result), aim, ofAim <= 1, Measurement.rounded(ofAim)));
    }
}
