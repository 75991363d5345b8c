package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.dl4jscape.tests.support.faults.FaultCounts.Fault;
import org.dl4jscape.tests.support.faults.Relay;
import org.dl4jscape.tests.support.faults.RelayedLines;
import org.dl4jscape.tests.support.faults.Signal;
import org.dl4jscape.tests.support.faults.TcpRelay;
import org.dl4jscape.tests.support.faults.UdpRelay;
import org.dl4jscape.tests.support.ranks.RankGroup;
import org.dl4jscape.tests.support.ranks.RankJob;
import org.dl4jscape.tests.support.ranks.RankOutcome;
import org.dl4jscape.tests.support.ranks.RankProcess;
import org.dl4jscape.tests.support.ranks.SyntheticTraining;

/** Runs lines of the fault matrix with the same JVMs, one after the other. One thread. */
final class FaultRun implements AutoCloseable {
    private static final int RANKS = 3;
    private static final int FAULTY_RANK = 1;
    private static final Duration HANG = Duration.ofMinutes(3);
    private static final long GO_MS = 20;
    private static final long PATIENT_MS = 30_000;

    /** A damaged frame is dropped, so the operation it belongs to ends at its deadline. */
    private static final long DAMAGED_MS = 5_000;

    private static final Duration SLOW_FOR = Duration.ofSeconds(5);

    private final Path drivers;
    private final RankPool pool;
    private final Map<String, List<String>> faultFree = new HashMap<>();

    FaultRun(Path folder, Path drivers) {
        this.drivers = drivers;
        pool = new RankPool(folder);
    }

    /** How a line ended, as data; the columns of the table on the site. */
    record Result(
            String transport, String fault, String happened, String outcome, int steps, double p50Ms, double p95Ms) {
        String toLine() {
            return String.format(
                    Locale.ROOT,
                    "%-6s %-38s %-28s %-30s %4d steps, median %.2f ms, p95 %.2f ms",
                    transport,
                    fault,
                    happened,
                    outcome,
                    steps,
                    p50Ms,
                    p95Ms);
        }
    }

    private RankJob job(FaultRow row) {
        boolean slow = row.how() == FaultRow.How.SLOW_READER;
        return RankJob.of(row.transport(), RANKS, row.steps(), 5)
                .withParameters(slow ? 200_000 : 20_000, slow ? 1 : 0.1)
                .withPauseUs(row.how() == FaultRow.How.PAUSE ? 5_000 : 0)
                .withTimeoutMs(row.proof() == Fault.CORRUPTED ? DAMAGED_MS : PATIENT_MS)
                .withProperties(row.transport().equals("tcp") ? Map.of() : Map.of("directory", drivers.toString()));
    }

    /** Runs one line and checks the promises; fails when the fault did not happen. */
    Result run(FaultRow row) throws InterruptedException {
        RankJob job = job(row);
        String key = job.steps() + "/" + job.parameters();
        if (!faultFree.containsKey(key)) {
            faultFree.put(key, SyntheticTraining.faultFree(job));
        }
        List<String> expected = faultFree.get(key);
        return switch (row.how()) {
            case RELAY -> runRelayed(row, job, expected);
            case PAUSE, SLOW_READER -> runStopped(row, job, expected);
        };
    }

    private Result runRelayed(FaultRow row, RankJob job, List<String> expected) throws InterruptedException {
        try (Relay relay = row.transport().equals("tcp") ? new TcpRelay(row.plan()) : new UdpRelay(row.plan())) {
            RankGroup group = new RankGroup(pool.take(RANKS), new RelayedLines(relay));
            group.begin(job, HANG);
            List<RankOutcome> outcomes = group.awaitOutcomes(Set.of(), HANG);
            long happened = relay.counts().of(row.proof());
            assertTrue(happened > 0, () -> row + " did not happen: " + relay.counts());
            return judge(
                    row,
                    outcomes,
                    expected,
                    happened + " of " + relay.counts().of(Fault.FORWARDED) + " "
                            + row.proof().name().toLowerCase(Locale.ROOT));
        }
    }

    private Result runStopped(FaultRow row, RankJob job, List<String> expected) throws InterruptedException {
        List<RankProcess> ranks = pool.take(RANKS);
        RankGroup group = new RankGroup(ranks, UnaryOperator.identity());
        group.begin(job, HANG);
        group.awaitFirstStep(HANG);
        RankProcess stopped = ranks.get(FAULTY_RANK);
        int stops = 0;
        long untilNs = System.nanoTime() + SLOW_FOR.toNanos();
        do {
            stopped.signal(Signal.STOP);
            group.serve(Duration.ofMillis(row.pauseMs()));
            assertTrue(Signal.isStopped(stopped.pid()), () -> row + ": the process runs");
            stops++;
            stopped.signal(Signal.CONT);
            group.serve(Duration.ofMillis(GO_MS));
        } while (row.how() == FaultRow.How.SLOW_READER && System.nanoTime() < untilNs && !group.hasOutcome());
        int least = row.how() == FaultRow.How.SLOW_READER ? 5 : 1;
        assertTrue(stops >= least, row + " happened " + stops + " times (expected: >= " + least + ")");
        return judge(
                row, group.awaitOutcomes(Set.of(), HANG), expected, "stopped " + stops + " x " + row.pauseMs() + " ms");
    }

    private static Result judge(FaultRow row, List<RankOutcome> outcomes, List<String> expected, String happened) {
        assertEquals(RANKS, outcomes.size(), row::toString);
        List<String> broken = new ArrayList<>();
        Set<String> ends = new TreeSet<>();
        int steps = row.steps();
        double p50 = 0;
        double p95 = 0;
        for (RankOutcome outcome : outcomes) {
            String what = Promises.broken(outcome, expected);
            if (!what.isEmpty()) {
                broken.add(what);
            }
            ends.add(outcome.isDone() ? "equal" : outcome.failure());
            steps = Math.min(steps, outcome.steps());
            p50 = Math.max(p50, outcome.p50Ns() / 1e6);
            p95 = Math.max(p95, outcome.p95Ns() / 1e6);
        }
        assertEquals(List.of(), broken, () -> row + ": " + happened + "; plan " + row.plan());
        return new Result(row.transport(), row.name(), happened, String.join(", ", ends), steps, p50, p95);
    }

    @Override
    public void close() {
        pool.close();
    }
}
