package org.dl4jscape.core.mask;

import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;

/**
 * Selects the mask of one shard: of each piece the largest statistics among sparse blocks, and all of dense ones.
 *
 * <p>Exact, ties to the lowest index, linear in the length of the shard. Memory: 8 bytes a parameter of the largest piece.
 */
public final class MaskSelector {
    private final ShardLayout layout;
    private final int rank;
    private final Kernels kernels;
    private final float[] statistic;
    private final int[] chosen;
    private int[] selected;
    private int count;

    /** For one rank's own shard. */
    public MaskSelector(ShardLayout layout, int rank, Kernels kernels) {
        this.layout = layout;
        this.rank = rank;
        this.kernels = kernels;
        int largest = 0;
        for (Piece piece : layout.pieces(rank)) {
            largest = Math.max(largest, piece.range().length());
        }
        statistic = new float[largest];
        chosen = new int[largest];
        selected = new int[0];
    }

    /**
     * Selects the coordinates of the next mask.
     *
     * @param call operands of the statistic; range and shift are set here
     * @param density fraction of each piece's sparse coordinates, in (0, 1]
     * @param replicated whether moment and age are indexed globally
     */
    public void select(StatisticCall call, double density, boolean replicated) {
        count = 0;
        List<Piece> pieces = layout.pieces(rank);
        for (int p = 0; p < pieces.size(); p++) {
            Piece piece = pieces.get(p);
            int sparse = fillStatistic(piece, call, replicated);
            int k = DensitySchedule.count(density, sparse);
            kernels.selectLargest(statistic, sparse, k, chosen, 0);
            collect(piece, k);
        }
    }

    private int fillStatistic(Piece piece, StatisticCall call, boolean replicated) {
        int sparse = 0;
        List<Segment> segments = layout.segments(rank);
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            if (segment.piece().bucket() == piece.bucket() && segment.role() == BlockRole.SPARSE) {
                call.from = segment.range().start();
                call.to = segment.range().end();
                call.shift = replicated ? 0 : piece.shift();
                kernels.statistic(call, statistic, sparse);
                sparse += segment.range().length();
            }
        }
        return sparse;
    }

    /** Walks the piece's segments in order and turns chosen positions of the statistic into global indices. */
    private void collect(Piece piece, int k) {
        ensureRoom(piece.range().length());
        int base = 0;
        int next = 0;
        List<Segment> segments = layout.segments(rank);
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            if (segment.piece().bucket() != piece.bucket() || segment.role() == BlockRole.FROZEN) {
                continue;
            }
            int start = segment.range().start();
            int length = segment.range().length();
            if (segment.role() == BlockRole.SPARSE) {
                while (next < k && chosen[next] < base + length) {
                    selected[count++] = start + chosen[next++] - base;
                }
                base += length;
            } else {
                for (int i = 0; i < length; i++) {
                    selected[count++] = start + i;
                }
            }
        }
    }

    private void ensureRoom(int more) {
        if (selected.length < count + more) {
            selected = Arrays.copyOf(selected, count + more);
        }
    }

    /** Global indices, ascending, the first {@link #count()} of the array. */
    public int[] selected() {
        return selected;
    }

    /** Number of selected coordinates. */
    public int count() {
        return count;
    }
}
