package org.dl4jscape.core.mask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.SelectionCall;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;

/**
 * Selects the mask of one shard: of each piece the largest statistics among sparse blocks, and all of dense ones.
 *
 * <p>Exact, ties to the lowest index, linear in the length of the shard. Memory: a few bytes a selected coordinate, and what
 * the kernels need.
 */
public final class MaskSelector {
    private final Kernels kernels;
    private final List<PieceSelection> pieces = new ArrayList<>();
    private int[] selected = new int[0];
    private int count;

    /** What competes in one piece, and what is always sent. */
    private record PieceSelection(Piece piece, List<Segment> segments, SelectionCall sparse, int always) {}

    /** For one rank's own shard. */
    public MaskSelector(ShardLayout layout, int rank, Kernels kernels) {
        this.kernels = kernels;
        for (Piece piece : layout.pieces(rank)) {
            List<Segment> segments = layout.segments(rank).stream()
                    .filter(segment -> segment.piece().equals(piece) && segment.role() != BlockRole.FROZEN)
                    .toList();
            int[] ranges = segments.stream()
                    .filter(segment -> segment.role() == BlockRole.SPARSE)
                    .flatMapToInt(segment -> IntStream.of(
                            segment.range().start(), segment.range().end()))
                    .toArray();
            int always = segments.stream()
                    .filter(segment -> segment.role() != BlockRole.SPARSE)
                    .mapToInt(segment -> segment.range().length())
                    .sum();
            pieces.add(new PieceSelection(piece, segments, new SelectionCall(ranges), always));
        }
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
        for (int p = 0; p < pieces.size(); p++) {
            PieceSelection own = pieces.get(p);
            SelectionCall sparse = own.sparse();
            call.shift = replicated ? 0 : own.piece().shift();
            sparse.statistic = call;
            sparse.k = DensitySchedule.count(density, sparse.length());
            kernels.select(sparse);
            collect(own);
        }
    }

    /** Walks the piece's segments in order: the selected ones of a sparse one, all of the others. */
    private void collect(PieceSelection own) {
        SelectionCall sparse = own.sparse();
        ensureRoom(sparse.k + own.always());
        int[] chosen = sparse.selected();
        int next = 0;
        for (int s = 0; s < own.segments().size(); s++) {
            Segment segment = own.segments().get(s);
            int end = segment.range().end();
            if (segment.role() == BlockRole.SPARSE) {
                while (next < sparse.k && chosen[next] < end) {
                    selected[count++] = chosen[next++];
                }
            } else {
                for (int i = segment.range().start(); i < end; i++) {
                    selected[count++] = i;
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
