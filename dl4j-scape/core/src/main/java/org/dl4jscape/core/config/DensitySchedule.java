package org.dl4jscape.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The fraction of coordinates that travel, by step: everything during the dense warm-up, then one density or a falling
 * series of them.
 *
 * <p>Immutable. Steps count from 1. The dense warm-up is at least one step, since the first mask is made from the moment
 * that the first step leaves. A density takes effect with the first mask that is made for a step of its phase: at once where
 * every step makes one, else at the next refresh. It may also rise again, up to 1.
 */
public final class DensitySchedule {
    private final int warmupSteps;
    private final List<Phase> phases;

    /**
     * From one step on, one density.
     *
     * @param fromStep first step with this density
     * @param density fraction kept, in (0, 1]
     */
    public record Phase(int fromStep, double density) {
        /** Checks the density. */
        public Phase {
            if (!(density > 0 && density <= 1)) {
                throw new IllegalArgumentException(
                        "density=" + density + " (expected: 0 < density <= 1); for 99 % sparsity use density(0.01)");
            }
        }
    }

    private DensitySchedule(int warmupSteps, List<Phase> phases) {
        Ranges.checkAtLeast("warmupSteps", warmupSteps, 1);
        this.warmupSteps = warmupSteps;
        this.phases = List.copyOf(phases);
    }

    /**
     * Dense for some steps, then one density.
     *
     * @param density fraction kept, in (0, 1]
     * @param warmupSteps dense steps before, at least 1
     */
    public static DensitySchedule constant(double density, int warmupSteps) {
        return new DensitySchedule(warmupSteps, List.of(new Phase(warmupSteps + 1, density)));
    }

    /**
     * The same schedule with one more density from a later step on.
     *
     * @param fromStep first step with it, above the last one given
     * @param density fraction kept, in (0, 1]
     */
    public DensitySchedule then(int fromStep, double density) {
        int last = phases.get(phases.size() - 1).fromStep();
        if (fromStep <= last) {
            throw new IllegalArgumentException(
                    "fromStep=" + fromStep + " (expected: > " + last + ", the step of the density before it)");
        }
        List<Phase> longer = new ArrayList<>(phases);
        longer.add(new Phase(fromStep, density));
        return new DensitySchedule(warmupSteps, longer);
    }

    /** Number of dense steps at the start. */
    public int warmupSteps() {
        return warmupSteps;
    }

    /** The densities after the warm-up, by ascending step. */
    public List<Phase> phases() {
        return phases;
    }

    /** The density in force in {@code step}, 1 during the warm-up. */
    public double densityAt(long step) {
        double density = 1;
        for (int p = 0; p < phases.size(); p++) {
            Phase phase = phases.get(p);
            if (step >= phase.fromStep()) {
                density = phase.density();
            }
        }
        return density;
    }

    /** The density of the last phase. */
    public double finalDensity() {
        return phases.get(phases.size() - 1).density();
    }

    /**
     * How many of n coordinates a density keeps: 0 of none, else max(1, floor(density * n + 0.5)), in double precision.
     */
    public static int count(double density, int n) {
        return n == 0 ? 0 : Math.max(1, (int) Math.floor(density * n + 0.5));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DensitySchedule that && warmupSteps == that.warmupSteps && phases.equals(that.phases);
    }

    @Override
    public int hashCode() {
        return 31 * warmupSteps + phases.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("dense to step " + warmupSteps);
        for (Phase phase : phases) {
            text.append(", ").append(phase.density()).append(" from step ").append(phase.fromStep());
        }
        return text.toString();
    }
}
