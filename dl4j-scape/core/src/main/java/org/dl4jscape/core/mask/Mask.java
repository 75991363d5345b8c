package org.dl4jscape.core.mask;

import java.util.Arrays;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;

/**
 * The coordinates that travel in one step: sorted global indices, rank by rank, the same on all ranks.
 *
 * <p>A <i>mask position</i> j is an index into {@link #indices()}; every packed buffer is aligned with it. Memory grows to the
 * largest mask seen and is used again. Not thread-safe; belongs to the training thread.
 */
public final class Mask {
    private final int[] offsets;
    private int[] indices = new int[0];
    private float[] noise = new float[0];
    private int madeInStep;

    /**
     * An empty mask.
     *
     * @param worldSize number of ranks
     */
    public Mask(int worldSize) {
        offsets = new int[worldSize + 1];
    }

    /** All trainable coordinates: the mask of the dense warm-up and of density 1. */
    public static Mask everything(ShardLayout layout) {
        Mask mask = new Mask(layout.worldSize());
        mask.ensureCapacity(layout.trainableLength());
        int at = 0;
        for (int rank = 0; rank < layout.worldSize(); rank++) {
            for (Segment segment : layout.segments(rank)) {
                if (segment.role() != BlockRole.FROZEN) {
                    for (int i = segment.range().start(); i < segment.range().end(); i++) {
                        mask.indices[at++] = i;
                    }
                }
            }
            mask.offsets[rank + 1] = at;
        }
        return mask;
    }

    /** Makes room for at least that many positions and keeps the content. */
    public void ensureCapacity(int positions) {
        if (indices.length < positions) {
            indices = Arrays.copyOf(indices, positions);
            noise = Arrays.copyOf(noise, positions);
        }
    }

    /** Masked global indices; ascending within each rank's part. */
    public int[] indices() {
        return indices;
    }

    /** Mean square of one step's gradient at each mask position, where the closed form needs it. */
    public float[] noise() {
        return noise;
    }

    /** worldSize + 1 positions: rank r's part is [offsets[r], offsets[r+1]). */
    public int[] offsets() {
        return offsets;
    }

    /** Number of masked coordinates of all ranks. */
    public int size() {
        return offsets[offsets.length - 1];
    }

    /** First position of a rank's part. */
    public int start(int rank) {
        return offsets[rank];
    }

    /** One past the last position of a rank's part. */
    public int end(int rank) {
        return offsets[rank + 1];
    }

    /** Sets where a rank's part ends; parts are filled in rank order. */
    public void setEnd(int rank, int end) {
        offsets[rank + 1] = end;
    }

    /** The step at whose end the mask was made, 0 for everything. */
    public int madeInStep() {
        return madeInStep;
    }

    /** Remembers the step at whose end the mask was made. */
    public void setMadeInStep(int step) {
        madeInStep = step;
    }

    /** First mask position of the rank's part whose index is at least {@code index}. */
    public int lowerBound(int rank, int index) {
        int found = Arrays.binarySearch(indices, start(rank), end(rank), index);
        return found >= 0 ? found : -found - 1;
    }

    /** Share of this mask's coordinates that are also in the other one, in [0, 1]; 0 for an empty mask. */
    public double overlap(Mask other) {
        int common = 0;
        for (int rank = 0; rank < offsets.length - 1; rank++) {
            int a = start(rank);
            int b = other.start(rank);
            while (a < end(rank) && b < other.end(rank)) {
                int difference = indices[a] - other.indices[b];
                common += difference == 0 ? 1 : 0;
                a += difference <= 0 ? 1 : 0;
                b += difference >= 0 ? 1 : 0;
            }
        }
        return size() == 0 ? 0 : (double) common / size();
    }
}
