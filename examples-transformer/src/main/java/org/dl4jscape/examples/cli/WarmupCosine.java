package org.dl4jscape.examples.cli;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A learning rate that rises linearly, then falls along a cosine to a tenth of its peak. */
public final class WarmupCosine implements ISchedule {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private double peak;

    @JsonProperty
    private int warmupSteps;

    @JsonProperty
    private int totalSteps;

    /** For Jackson. */
    public WarmupCosine() {}

    /** With its peak, the steps to reach it, and the steps in all. */
    public WarmupCosine(double peak, int warmupSteps, int totalSteps) {
        this.peak = peak;
        this.warmupSteps = warmupSteps;
        this.totalSteps = totalSteps;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        if (iteration < warmupSteps) {
            return peak * (iteration + 1) / warmupSteps;
        }
        double done = Math.min(1, (double) (iteration - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
        return peak * (0.1 + 0.45 * (1 + StrictMath.cos(Math.PI * done)));
    }

    @Override
    public ISchedule clone() {
        return new WarmupCosine(peak, warmupSteps, totalSteps);
    }
}
