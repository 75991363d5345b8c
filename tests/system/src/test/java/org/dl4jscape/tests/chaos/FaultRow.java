package org.dl4jscape.tests.chaos;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.tests.support.faults.FaultCounts.Fault;
import org.dl4jscape.tests.support.faults.FaultPlan;

/**
 * One line of the fault matrix.
 *
 * @param transport name
 * @param name of the fault
 * @param how it is made
 * @param plan of the relay
 * @param proof what the relay must have counted
 * @param pauseMs how long a rank is stopped
 * @param steps of the job
 * @param isShort whether the default build has it
 */
record FaultRow(
        String transport, String name, How how, FaultPlan plan, Fault proof, long pauseMs, int steps, boolean isShort) {
    private static final int STEPS = 150;
    private static final long SEED = Long.getLong("chaos.seed", 20_260_701);
    private static final long MS = 1_000_000;

    /** How a fault is made. */
    enum How {
        /** By a relay between the ranks. */
        RELAY,
        /** A rank is stopped once. */
        PAUSE,
        /** A rank is stopped four fifths of the time, so that it reads more slowly than the others write. */
        SLOW_READER
    }

    static List<FaultRow> all() {
        FaultPlan none = FaultPlan.none(SEED);
        List<FaultRow> rows = new ArrayList<>();
        rows.add(relay("aeron", "none", none, Fault.FORWARDED));
        rows.add(relay("aeron", "loss 0.1 %", none.withLoss(0.001), Fault.LOST).withSteps(600));
        rows.add(relay("aeron", "loss 1 %", none.withLoss(0.01), Fault.LOST));
        rows.add(relay("aeron", "loss 3 %", none.withLoss(0.03), Fault.LOST).inEveryBuild());
        rows.add(relay("aeron", "loss 10 %", none.withLoss(0.1), Fault.LOST));
        rows.add(relay("aeron", "delay 1 ms", none.withDelayNs(MS), Fault.DELAYED));
        rows.add(relay("aeron", "delay 20 ms", none.withDelayNs(20 * MS), Fault.DELAYED)
                .withSteps(40));
        rows.add(relay("aeron", "duplication 1 %", none.withDuplication(0.01), Fault.DUPLICATED));
        rows.add(relay("aeron", "duplication 10 %", none.withDuplication(0.1), Fault.DUPLICATED));
        rows.add(relay("aeron", "reordering 1 %", none.withReordering(0.01), Fault.REORDERED));
        rows.add(relay("aeron", "reordering 10 %", none.withReordering(0.1), Fault.REORDERED)
                .inEveryBuild());
        rows.add(relay("aeron", "corruption 0.1 %", none.withCorruption(0.001), Fault.CORRUPTED)
                .withSteps(600));
        rows.add(relay("aeron", "corruption 1 %", none.withCorruption(0.01), Fault.CORRUPTED));
        FaultPlan everything = none.withLoss(0.01)
                .withDuplication(0.01)
                .withReordering(0.01)
                .withCorruption(0.001)
                .withDelayNs(MS);
        rows.add(relay("aeron", "all of them, 1 ms, 1 %, 0.1 % corrupt", everything, Fault.CORRUPTED)
                .withSteps(400));
        rows.add(relay("tcp", "none", none, Fault.FORWARDED));
        rows.add(relay("tcp", "delay 1 ms", none.withDelayNs(MS), Fault.DELAYED));
        rows.add(relay("tcp", "delay 20 ms", none.withDelayNs(20 * MS), Fault.DELAYED)
                .withSteps(40));
        rows.add(relay("tcp", "corruption 1 %", none.withCorruption(0.01), Fault.CORRUPTED)
                .inEveryBuild());
        rows.add(relay("tcp", "reset 0.5 %", none.withCut(0.005), Fault.CUT).inEveryBuild());
        for (String transport : List.of("aeron", "ipc", "mixed", "tcp")) {
            FaultRow pause = new FaultRow(
                    transport, "pause of 1 s", How.PAUSE, none, Fault.DELAYED, 1_000, 200, transport.equals("aeron"));
            rows.add(pause);
            rows.add(new FaultRow(transport, "pause of 10 s", How.PAUSE, none, Fault.DELAYED, 10_000, 200, false));
            rows.add(new FaultRow(transport, "slow reader", How.SLOW_READER, none, Fault.DELAYED, 80, 60, false));
        }
        return rows;
    }

    private static FaultRow relay(String transport, String name, FaultPlan plan, Fault proof) {
        return new FaultRow(transport, name, How.RELAY, plan, proof, 0, STEPS, false);
    }

    private FaultRow withSteps(int other) {
        return new FaultRow(transport, name, how, plan, proof, pauseMs, other, isShort);
    }

    private FaultRow inEveryBuild() {
        return new FaultRow(transport, name, how, plan, proof, pauseMs, steps, true);
    }

    @Override
    public String toString() {
        return transport + ", " + name;
    }
}
