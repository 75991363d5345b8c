package org.dl4jscape.core.layout;

import java.util.ArrayList;
import java.util.List;

/** Who owns which parameter; see the package's description. Immutable, the same on all ranks. */
public final class ShardLayout {
    private final ParameterLayout parameters;
    private final int worldSize;
    private final List<List<Piece>> pieces = new ArrayList<>();
    private final List<List<Segment>> segments = new ArrayList<>();
    private final int[] shardLengths;

    /**
     * Cuts every bucket.
     *
     * @param parameters the flat vector
     * @param worldSize number of ranks, at least 1
     */
    public ShardLayout(ParameterLayout parameters, int worldSize) {
        this.parameters = parameters;
        if (worldSize < 1) {
            throw new IllegalArgumentException("worldSize=" + worldSize + " (expected: >= 1)");
        }
        this.worldSize = worldSize;
        shardLengths = new int[worldSize];
        for (int rank = 0; rank < worldSize; rank++) {
            List<Piece> owned = cut(rank);
            pieces.add(List.copyOf(owned));
            shardLengths[rank] =
                    owned.stream().mapToInt(piece -> piece.range().length()).sum();
            segments.add(intersect(owned));
        }
    }

    private List<Piece> cut(int rank) {
        List<Piece> owned = new ArrayList<>();
        int bucketStart = 0;
        int local = 0;
        for (int bucket = 0; bucket < parameters.bucketCount(); bucket++) {
            int n = parameters.bucketLength(bucket);
            long pieceLength = (n + (long) worldSize - 1) / worldSize;
            int start = (int) Math.min(rank * pieceLength, n);
            int end = (int) Math.min((rank + 1) * pieceLength, n);
            owned.add(new Piece(bucket, rank, new IndexRange(bucketStart + start, bucketStart + end), local));
            local += end - start;
            bucketStart += n;
        }
        return owned;
    }

    private List<Segment> intersect(List<Piece> owned) {
        List<Segment> result = new ArrayList<>();
        List<ParameterBlock> blocks = parameters.blocks();
        for (Piece piece : owned) {
            for (int b = 0; b < blocks.size(); b++) {
                IndexRange range = blocks.get(b).range().intersect(piece.range());
                if (range.length() > 0) {
                    result.add(new Segment(piece, b, blocks.get(b).role(), range));
                }
            }
        }
        return List.copyOf(result);
    }

    /** The flat vector. */
    public ParameterLayout parameters() {
        return parameters;
    }

    /** Number of ranks. */
    public int worldSize() {
        return worldSize;
    }

    /** What a rank owns, one piece a bucket, ascending; a piece may be empty. */
    public List<Piece> pieces(int rank) {
        return pieces.get(rank);
    }

    /** What a rank owns, cut at the borders of blocks, ascending, none empty. */
    public List<Segment> segments(int rank) {
        return segments.get(rank);
    }

    /** Number of parameters that a rank owns. */
    public int shardLength(int rank) {
        return shardLengths[rank];
    }

    /** Number of parameters that are ever exchanged. */
    public int trainableLength() {
        int sum = 0;
        for (ParameterBlock block : parameters.blocks()) {
            sum += block.role() == BlockRole.FROZEN ? 0 : block.range().length();
        }
        return sum;
    }
}
