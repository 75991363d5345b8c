package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.Map;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.dl4jscape.core.exchange.PayloadKind;

/**
 * What a rank hands back after an epoch; rank 0 also hands back the parameters.
 */
public final class ScapeTrainingResult implements TrainingResult, Serializable {
    private static final long serialVersionUID = 1L;

    private final int rank;
    private final int steps;
    private final int iterationCount;
    private final double score;
    private final String parametersSha256;
    private final float[] parameters;
    private final byte[] checkpoint;
    private final Map<PayloadKind, Long> bytesSent;

    private final Reports reports;
    private SparkTrainingStats stats;

    ScapeTrainingResult(
            RankEpoch epoch,
            float[] parameters,
            byte[] checkpoint,
            Map<PayloadKind, Long> bytesSent,
            Reports reports,
            SparkTrainingStats stats) {
        this.checkpoint = checkpoint;
        rank = epoch.rank();
        steps = epoch.steps();
        iterationCount = epoch.iterationCount();
        score = epoch.score();
        parametersSha256 = epoch.parametersSha256();
        this.parameters = parameters;
        this.bytesSent = Map.copyOf(bytesSent);
        this.reports = reports;
        this.stats = stats;
    }

    /** What a rank did in an epoch. */
    record RankEpoch(int rank, int steps, int iterationCount, double score, String parametersSha256) {}

    /** Which rank it was. */
    public int rank() {
        return rank;
    }

    /** Steps of the fit, the same on all ranks; where it was restarted or went on from a checkpoint, those since. */
    public int steps() {
        return steps;
    }

    /** The network's iteration count after the epoch. */
    public int iterationCount() {
        return iterationCount;
    }

    /** Loss of the last step, averaged over the examples of all ranks; NaN when there was no step. */
    public double score() {
        return score;
    }

    /** SHA-256 over the little-endian fp32 flat parameters. */
    public String parametersSha256() {
        return parametersSha256;
    }

    /** Bytes that this rank sent, by kind, as the transport counts them. */
    public Map<PayloadKind, Long> bytesSent() {
        return bytesSent;
    }

    /** The flat parameters on rank 0, empty on the others. */
    float[] parameters() {
        return parameters;
    }

    /** The rank's checkpoint, format 1. */
    byte[] checkpoint() {
        return checkpoint;
    }

    /** What the rank's routing listeners have reported. */
    Reports reports() {
        return reports;
    }

    /** Where the rank's time went. */
    SparkTrainingStats stats() {
        return stats;
    }

    @Override
    public void setStats(SparkTrainingStats stats) {
        this.stats = stats;
    }
}
