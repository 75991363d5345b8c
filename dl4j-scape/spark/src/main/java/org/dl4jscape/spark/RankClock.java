package org.dl4jscape.spark;

import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.core.step.StepPhase;
import org.dl4jscape.core.step.StepStats;

/** Times one rank in one fit. On the training thread. */
final class RankClock implements StepListener {
    private final ScapeTrainingStats stats = new ScapeTrainingStats();
    private final long[] phaseNs = new long[StepPhase.values().length];
    private long partMs = System.currentTimeMillis();
    private long trainMs;

    @Override
    public void onStep(StepStats step) {
        for (StepPhase phase : StepPhase.values()) {
            phaseNs[phase.ordinal()] += step.nanos(phase);
        }
    }

    /** The group is complete. */
    void connected() {
        next(ScapeTrainingStats.CONNECT);
        trainMs = partMs;
    }

    /** The epoch is over. */
    void trained() {
        next(ScapeTrainingStats.TRAIN);
        for (StepPhase phase : StepPhase.values()) {
            long durationMs = TimeUnit.NANOSECONDS.toMillis(phaseNs[phase.ordinal()]);
            stats.add(ScapeTrainingStats.key(phase), trainMs, durationMs);
        }
    }

    /** The results are ready. */
    ScapeTrainingStats finished() {
        next(ScapeTrainingStats.FINISH);
        return stats;
    }

    private void next(String key) {
        stats.ended(key, partMs);
        partMs = System.currentTimeMillis();
    }
}
