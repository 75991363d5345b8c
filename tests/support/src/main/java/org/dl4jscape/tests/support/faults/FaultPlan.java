package org.dl4jscape.tests.support.faults;

/**
 * What a relay does to the units that pass it: datagrams, or pieces of a TCP stream. Chances are in [0, 1], for each unit
 * anew and independent of one another.
 *
 * @param seed of the relay's random numbers
 * @param loss chance that a datagram vanishes
 * @param duplication chance that a datagram comes twice
 * @param reordering chance that a datagram is held back for {@code holdNs}, so that others overtake it
 * @param corruption chance that one bit is flipped
 * @param cut chance that a TCP connection is reset
 * @param delayNs one way, for all units
 * @param holdNs additional delay of what is to be overtaken
 */
public record FaultPlan(
        long seed,
        double loss,
        double duplication,
        double reordering,
        double corruption,
        double cut,
        long delayNs,
        long holdNs) {
    private static final long HOLD_NS = 2_000_000;

    /** Checks the ranges. */
    public FaultPlan {
        for (double chance : new double[] {loss, duplication, reordering, corruption, cut}) {
            if (!(chance >= 0 && chance <= 1)) {
                throw new IllegalArgumentException("chance=" + chance + " (expected: 0 <= chance <= 1)");
            }
        }
        if (delayNs < 0 || holdNs < 0) {
            throw new IllegalArgumentException("delayNs=" + delayNs + ", holdNs=" + holdNs + " (expected: >= 0)");
        }
    }

    /** No fault: what comes is passed on at once. */
    public static FaultPlan none(long seed) {
        return new FaultPlan(seed, 0, 0, 0, 0, 0, 0, HOLD_NS);
    }

    /** This plan with another chance of loss. */
    public FaultPlan withLoss(double chance) {
        return new FaultPlan(seed, chance, duplication, reordering, corruption, cut, delayNs, holdNs);
    }

    /** This plan with another chance of duplication. */
    public FaultPlan withDuplication(double chance) {
        return new FaultPlan(seed, loss, chance, reordering, corruption, cut, delayNs, holdNs);
    }

    /** This plan with another chance of reordering. */
    public FaultPlan withReordering(double chance) {
        return new FaultPlan(seed, loss, duplication, chance, corruption, cut, delayNs, holdNs);
    }

    /** This plan with another chance of a flipped bit. */
    public FaultPlan withCorruption(double chance) {
        return new FaultPlan(seed, loss, duplication, reordering, chance, cut, delayNs, holdNs);
    }

    /** This plan with another chance of a reset. */
    public FaultPlan withCut(double chance) {
        return new FaultPlan(seed, loss, duplication, reordering, corruption, chance, delayNs, holdNs);
    }

    /** This plan with another delay, in nanoseconds one way. */
    public FaultPlan withDelayNs(long delay) {
        return new FaultPlan(seed, loss, duplication, reordering, corruption, cut, delay, holdNs);
    }
}
