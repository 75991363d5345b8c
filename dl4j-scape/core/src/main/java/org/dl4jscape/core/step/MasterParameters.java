package org.dl4jscape.core.step;

import java.util.List;
import org.dl4jscape.core.layout.Segment;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.mask.Mask;
import org.dl4jscape.core.pack.ValueCodec;

/**
 * fp32 parameters of the own shard where parameters travel in less precision; the model's view holds the rounded ones.
 *
 * <p>If a view value is not the rounded master any more (a constraint of the model changed it), the view wins.
 */
final class MasterParameters {
    private final List<Segment> owned;
    private final ValueCodec codec;
    private final float[] one = new float[1];

    MasterParameters(ShardLayout layout, int rank, ValueCodec codec) {
        owned = layout.segments(rank);
        this.codec = codec;
    }

    /** Replaces the view's values in {@code packed} by their masters. */
    void read(RankState state, Mask mask, int rank, float[] packed) {
        for (int s = 0; s < owned.size(); s++) {
            Segment segment = owned.get(s);
            int shift = state.shift(segment);
            int to = mask.lowerBound(rank, segment.range().end());
            for (int j = mask.lowerBound(rank, segment.range().start()); j < to; j++) {
                float master = state.master[mask.indices()[j] - shift];
                one[0] = master;
                codec.round(one, 0, 1);
                packed[j] = packed[j] == one[0] || packed[j] == master ? master : packed[j];
            }
        }
    }

    /** Keeps the updated values and rounds what will travel. */
    void write(RankState state, Mask mask, int rank, float[] packed) {
        for (int s = 0; s < owned.size(); s++) {
            Segment segment = owned.get(s);
            int shift = state.shift(segment);
            int to = mask.lowerBound(rank, segment.range().end());
            for (int j = mask.lowerBound(rank, segment.range().start()); j < to; j++) {
                state.master[mask.indices()[j] - shift] = packed[j];
            }
        }
        codec.round(packed, mask.start(rank), mask.end(rank));
    }
}
