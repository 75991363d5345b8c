package org.dl4jscape.core.step;

import java.util.Locale;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.MaskSize;

/**
 * What one rank will send in one step, dense and sparse, as an engine reports it once before training.
 *
 * <p>Means over the ranks, in bytes of payload; a transport adds its headers. {@link #values} and {@link #control} are exact,
 * {@link #mask} is what the codec takes for a random mask ({@link MaskSize#codecBytes}).
 *
 * @param worldSize number of ranks
 * @param density fraction of the sparse coordinates that travels
 * @param sent coordinates that travel, of all ranks, tensors that stay dense included
 * @param trainable coordinates that would travel densely, of all ranks
 * @param dense fp32 reduce-scatter and all-gather of everything: what dense data parallelism sends
 * @param values packed values of both directions
 * @param mask encoded masks and the noise that travels with them, spread over the steps that use one mask
 * @param control agreement on weights and, where it is on, global clipping
 */
public record ExpectedBytes(
        int worldSize,
        double density,
        int sent,
        int trainable,
        double dense,
        double values,
        double mask,
        double control) {
    /** After the last change of density. */
    public static ExpectedBytes of(ScapeConfig config, ShardLayout layout) {
        return atDensity(config.density().finalDensity(), config, layout);
    }

    /** While one density is in force; 1 is the dense warm-up, which sends no masks. */
    public static ExpectedBytes atDensity(double density, ScapeConfig config, ShardLayout layout) {
        int ranks = layout.worldSize();
        boolean replicated = config.sharding() == ShardingMode.REPLICATED;
        WirePrecision back = replicated ? WirePrecision.FP32 : config.parameterPrecision();
        int noiseBytes = replicated && config.catchUp().kind() == CatchUp.Kind.CLOSED_FORM
                ? config.noisePrecision().bytes()
                : 0;
        int sent = 0;
        double masks = 0;
        for (int rank = 0; rank < ranks; rank++) {
            int masked = masked(rank, density, layout);
            sent += masked;
            masks += 4 + MaskSize.codecBytes(layout.shardLength(rank), masked) + (double) noiseBytes * masked;
        }
        double others = ranks - 1;
        double perRank = others / ranks;
        int trainable = layout.trainableLength();
        boolean clips = config.clipsGlobally() && !replicated;
        return new ExpectedBytes(
                ranks,
                density,
                sent,
                trainable,
                perRank * trainable * 2 * WirePrecision.FP32.bytes(),
                perRank * sent * (config.gradientPrecision().bytes() + back.bytes()),
                density == 1 ? 0 : perRank * masks / config.maskRefreshInterval(),
                others * (GroupAgreement.BYTES + (clips ? Double.BYTES : 0)));
    }

    private static int masked(int rank, double density, ShardLayout layout) {
        int count = 0;
        for (Piece piece : layout.pieces(rank)) {
            int sparse = 0;
            for (Segment segment : layout.segments(rank)) {
                boolean here = segment.piece().bucket() == piece.bucket();
                int length = segment.range().length();
                sparse += here && segment.role() == BlockRole.SPARSE ? length : 0;
                boolean whole = segment.role() == BlockRole.DENSE || segment.role() == BlockRole.STATISTIC;
                count += here && whole ? length : 0;
            }
            count += DensitySchedule.count(density, sparse);
        }
        return count;
    }

    /** Values, mask and control together. */
    public double total() {
        return values + mask + control;
    }

    /** {@link #total} over {@link #dense}; 1 where a single rank sends nothing either way. */
    public double ratio() {
        return dense == 0 ? 1 : total() / dense;
    }

    /** One line for the start of a training. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%d ranks, %d of %d parameters a step (density %s): %s a rank and step, %.1f %% of dense %s"
                        + " (values %s, mask %s, control %s)",
                worldSize,
                sent,
                trainable,
                density,
                bytes(total()),
                100 * ratio(),
                bytes(dense),
                bytes(values),
                bytes(mask),
                bytes(control));
    }

    private static String bytes(double count) {
        if (count < 1e3) {
            return String.format(Locale.ROOT, "%.0f B", count);
        }
        return count < 1e6
                ? String.format(Locale.ROOT, "%.1f kB", count / 1e3)
                : String.format(Locale.ROOT, "%.2f MB", count / 1e6);
    }
}
