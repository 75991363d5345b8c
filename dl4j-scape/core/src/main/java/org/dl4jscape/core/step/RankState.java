package org.dl4jscape.core.step;

import java.lang.reflect.Array;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;

/**
 * What one rank must keep from step to step; what is not a field here does not survive a restart. Owned by the training
 * thread.
 *
 * <p>"Shard state" is indexed by local position when sharded (length of this rank's shard) and by global position when
 * replicated (length d); {@link #shift(Segment)} is the difference.
 */
public final class RankState {
    private final boolean replicated;
    private final boolean wideNoise;
    /** Completed steps, t. */
    int step;
    /** Steps that were left out because of NaN or infinity. */
    int skippedSteps;
    /** What has not been sent yet, in first-moment units, all of d (SCAPE [S]; units inferred [I]). */
    final float[] residual;
    /** First moment, shard state. */
    final float[] moment;
    /** Step in which a coordinate was last sent, 0 at first, shard state. */
    final int[] lastSent;
    /** Running mean square of this rank's own gradient, for the closed form [O]; empty with other rules. */
    final float[] noise;
    /** Number of gradients in {@link #noise}. */
    int noiseSteps;
    /** fp32 parameters of the own shard, where parameters travel in less precision; else empty. */
    final float[] master;
    /** Step in which a coordinate was last sent, all of d, for look-ahead [O]; else empty. */
    final int[] sentSteps;
    /** The mask of the next step, complete only after {@link ScapeStep#settledState}. */
    Mask mask;

    /**
     * The state before the first step.
     *
     * @param config the run's configuration
     * @param layout who owns what
     * @param rank this rank
     * @param parameters the model's initial parameters, read only
     */
    public RankState(ScapeConfig config, ShardLayout layout, int rank, FloatBuffer parameters) {
        int d = layout.parameters().length();
        replicated = config.sharding() == ShardingMode.REPLICATED;
        int shardState = replicated ? d : layout.shardLength(rank);
        residual = new float[d];
        moment = new float[shardState];
        lastSent = new int[shardState];
        wideNoise = replicated || config.lookAhead();
        boolean closedForm = config.catchUp().kind() == CatchUp.Kind.CLOSED_FORM;
        noise = new float[!closedForm ? 0 : wideNoise ? d : shardState];
        master = new float[config.parameterPrecision() == WirePrecision.FP32 ? 0 : shardState];
        if (master.length > 0) {
            for (Segment segment : layout.segments(rank)) {
                for (int i = segment.range().start(); i < segment.range().end(); i++) {
                    master[i - shift(segment)] = parameters.get(i);
                }
            }
        }
        sentSteps = new int[config.lookAhead() ? d : 0];
        mask = Mask.everything(layout);
    }

    /** Global position minus position in shard state. */
    int shift(Segment segment) {
        return replicated ? 0 : segment.piece().shift();
    }

    /** Global position minus position in {@link #noise}. */
    int noiseShift(Segment segment) {
        return wideNoise ? 0 : segment.piece().shift();
    }

    /** Whether the noise of all of d is kept, not only that of the own shard. */
    boolean tracksAllNoise() {
        return noise.length == residual.length;
    }

    /** Completed steps. */
    public int step() {
        return step;
    }

    /** Steps left out because of NaN or infinity. */
    public int skippedSteps() {
        return skippedSteps;
    }

    /** A copy of the residual, length d. */
    public float[] residual() {
        return residual.clone();
    }

    /** A copy of the first moment, shard state. */
    public float[] moment() {
        return moment.clone();
    }

    /** A copy of the steps in which coordinates were last sent, shard state. */
    public int[] lastSent() {
        return lastSent.clone();
    }

    /** The mask of the next step; complete only after {@link ScapeStep#settledState}. */
    public Mask mask() {
        return mask;
    }

    /**
     * A copy of everything; call {@link ScapeStep#settledState} first.
     *
     * @param rank this rank
     */
    public RankSnapshot snapshot(int rank) {
        int[] offsets = mask.offsets().clone();
        int size = mask.size();
        RankSnapshot.MaskCopy maskCopy = new RankSnapshot.MaskCopy(
                mask.madeInStep(), offsets, Arrays.copyOf(mask.indices(), size), Arrays.copyOf(mask.noise(), size));
        RankSnapshot.Arrays arrays = new RankSnapshot.Arrays(
                residual.clone(), moment.clone(), lastSent.clone(), noise.clone(), master.clone(), sentSteps.clone());
        return new RankSnapshot(rank, offsets.length - 1, step, skippedSteps, noiseSteps, arrays, maskCopy);
    }

    /**
     * Takes a snapshot over.
     *
     * @throws IllegalArgumentException when its arrays have other lengths than this state's: another model, another number
     *     of ranks or another configuration
     */
    public void restore(RankSnapshot snapshot) {
        RankSnapshot.Arrays from = snapshot.arrays();
        copy("residual", from.residual(), residual);
        copy("first moment", from.moment(), moment);
        copy("noise", from.noise(), noise);
        copy("master parameters", from.master(), master);
        copy("last sent", from.lastSent(), lastSent);
        copy("sent steps", from.sentSteps(), sentSteps);
        step = snapshot.step();
        skippedSteps = snapshot.skippedSteps();
        noiseSteps = snapshot.noiseSteps();
        Mask restored = new Mask(snapshot.worldSize());
        RankSnapshot.MaskCopy copy = snapshot.mask();
        restored.ensureCapacity(copy.indices().length);
        System.arraycopy(copy.indices(), 0, restored.indices(), 0, copy.indices().length);
        System.arraycopy(copy.noise(), 0, restored.noise(), 0, copy.noise().length);
        for (int r = 0; r < snapshot.worldSize(); r++) {
            restored.setEnd(r, copy.offsets()[r + 1]);
        }
        restored.setMadeInStep(copy.madeInStep());
        mask = restored;
    }

    /** {@code from} and {@code to} are arrays of one primitive type. */
    private static void copy(String what, Object from, Object to) {
        int given = Array.getLength(from);
        int wanted = Array.getLength(to);
        if (given != wanted) {
            throw new IllegalArgumentException(what + " of the snapshot has " + given + " values (expected: " + wanted
                    + "); resume with the same network, configuration and number of ranks");
        }
        System.arraycopy(from, 0, to, 0, given);
    }
}
