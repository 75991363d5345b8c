package org.dl4jscape.core.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.Powers;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.RankSnapshot;

/**
 * Snapshots of N ranks as snapshots of another number of ranks [O].
 *
 * <p>Owned state follows its coordinates. Every new rank gets the mean of the old residuals: what is pending is {@code mean_i
 * e_i}, and a mean over any number of equal residuals is the same, so nothing is lost. Noise estimates become {@code q =
 * rhat * (1 - 0.99^t)} with t steps. The mask of the next step keeps its coordinates, cut at the new borders.
 */
public final class Resharding {
    private static final double NOISE_DECAY = 0.99;

    private final List<RankSnapshot> ranks;
    private final ShardLayout before;
    private final ShardLayout after;
    private final boolean replicated;
    private final boolean wide;

    /**
     * From one layout to another of the same parameters.
     *
     * @param config the run's configuration
     * @param ranks all snapshots, in rank order, of one step
     * @param before the layout they were taken in
     * @param after the layout to go on in
     */
    public Resharding(ScapeConfig config, List<RankSnapshot> ranks, ShardLayout before, ShardLayout after) {
        replicated = config.sharding() == ShardingMode.REPLICATED;
        wide = replicated || config.lookAhead();
        this.ranks = List.copyOf(ranks);
        this.before = before;
        this.after = after;
        if (ranks.size() != before.worldSize()) {
            throw new IllegalArgumentException(
                    ranks.size() + " snapshots (expected: " + before.worldSize() + ", one a rank)");
        }
        for (RankSnapshot rank : ranks) {
            if (rank.step() != ranks.get(0).step()) {
                throw new IllegalArgumentException("rank " + rank.rank() + " is at step " + rank.step() + " (expected: "
                        + ranks.get(0).step() + ", as rank 0); take checkpoints of one step");
            }
        }
    }

    /** The snapshots of the new ranks, in rank order. */
    public List<RankSnapshot> run() {
        int d = before.parameters().length();
        RankSnapshot first = ranks.get(0);
        float[] residual = meanResidual(d);
        float[] moment = assemble(d, replicated, Kind.MOMENT);
        int[] lastSent = lastSent(d);
        float[] master = first.arrays().master().length == 0 ? new float[0] : assemble(d, replicated, Kind.MASTER);
        boolean hasNoise = first.arrays().noise().length > 0;
        float[] noise = hasNoise ? noise(d) : new float[0];
        float[] maskNoise = maskNoise(d);
        List<RankSnapshot> result = new ArrayList<>();
        for (int rank = 0; rank < after.worldSize(); rank++) {
            RankSnapshot.Arrays arrays = new RankSnapshot.Arrays(
                    residual.clone(),
                    cut(moment, rank, replicated),
                    cut(lastSent, rank),
                    noise.length == 0 ? noise : cut(noise, rank, wide),
                    master.length == 0 ? master : cut(master, rank, replicated),
                    first.arrays().sentSteps().clone());
            result.add(new RankSnapshot(
                    rank,
                    after.worldSize(),
                    first.step(),
                    first.skippedSteps(),
                    first.step(),
                    arrays,
                    mask(maskNoise)));
        }
        return result;
    }

    private enum Kind {
        MOMENT,
        MASTER,
        NOISE
    }

    private float[] meanResidual(int d) {
        float[] mean = new float[d];
        for (int i = 0; i < d; i++) {
            double sum = 0;
            for (RankSnapshot rank : ranks) {
                sum += rank.arrays().residual()[i];
            }
            mean[i] = (float) (sum / ranks.size());
        }
        return mean;
    }

    /** The owners' values at full length. */
    private float[] assemble(int d, boolean replicated, Kind kind) {
        float[] all = new float[d];
        for (RankSnapshot rank : ranks) {
            for (Piece piece : before.pieces(rank.rank())) {
                for (int i = piece.range().start(); i < piece.range().end(); i++) {
                    all[i] = value(rank, kind, replicated ? i : i - piece.shift());
                }
            }
        }
        return all;
    }

    private static float value(RankSnapshot rank, Kind kind, int at) {
        return switch (kind) {
            case MOMENT -> rank.arrays().moment()[at];
            case MASTER -> rank.arrays().master()[at];
            case NOISE -> rank.arrays().noise()[at];
        };
    }

    private float[] noise(int d) {
        float[] all = assemble(d, wide, Kind.NOISE);
        double after = 1 - Powers.of(NOISE_DECAY, ranks.get(0).step());
        for (RankSnapshot rank : ranks) {
            double covered = 1 - Powers.of(NOISE_DECAY, rank.noiseSteps());
            for (Piece piece : before.pieces(rank.rank())) {
                for (int i = piece.range().start(); i < piece.range().end(); i++) {
                    all[i] = rank.noiseSteps() == 0 ? 0 : (float) (all[i] / covered * after);
                }
            }
        }
        return all;
    }

    private float[] cut(float[] all, int rank, boolean whole) {
        if (whole) {
            return all.clone();
        }
        float[] own = new float[after.shardLength(rank)];
        copyPieces(all, rank, own);
        return own;
    }

    /** From an array of all coordinates to one of a new rank's own, both of the same type. */
    private void copyPieces(Object all, int rank, Object own) {
        for (Piece piece : after.pieces(rank)) {
            System.arraycopy(
                    all,
                    piece.range().start(),
                    own,
                    piece.localStart(),
                    piece.range().length());
        }
    }

    private int[] lastSent(int d) {
        int[] all = new int[d];
        for (RankSnapshot rank : ranks) {
            for (Piece piece : before.pieces(rank.rank())) {
                int start = piece.range().start();
                int from = replicated ? start : piece.localStart();
                System.arraycopy(
                        rank.arrays().lastSent(),
                        from,
                        all,
                        start,
                        piece.range().length());
            }
        }
        return all;
    }

    private int[] cut(int[] all, int rank) {
        if (replicated) {
            return all.clone();
        }
        int[] own = new int[after.shardLength(rank)];
        copyPieces(all, rank, own);
        return own;
    }

    /** Noise on the masked coordinates, at full length: each owner knows that of its own part. */
    private float[] maskNoise(int d) {
        float[] all = new float[d];
        for (RankSnapshot rank : ranks) {
            RankSnapshot.MaskCopy mask = rank.mask();
            for (int j = mask.offsets()[rank.rank()]; j < mask.offsets()[rank.rank() + 1]; j++) {
                all[mask.indices()[j]] = mask.noise()[j];
            }
        }
        return all;
    }

    private RankSnapshot.MaskCopy mask(float[] noise) {
        RankSnapshot.MaskCopy old = ranks.get(0).mask();
        boolean[] masked = new boolean[noise.length];
        for (int index : old.indices()) {
            masked[index] = true;
        }
        int[] offsets = new int[after.worldSize() + 1];
        int[] indices = new int[old.indices().length];
        float[] aligned = new float[indices.length];
        int at = 0;
        for (int rank = 0; rank < after.worldSize(); rank++) {
            for (Piece piece : after.pieces(rank)) {
                for (int i = piece.range().start(); i < piece.range().end(); i++) {
                    if (masked[i]) {
                        indices[at] = i;
                        aligned[at++] = noise[i];
                    }
                }
            }
            offsets[rank + 1] = at;
        }
        return new RankSnapshot.MaskCopy(old.madeInStep(), offsets, indices, aligned);
    }
}
