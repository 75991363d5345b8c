package org.dl4jscape.core.exchange;

import java.util.Random;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.pack.ValueCodec;

/** What ranks send in {@link CollectivesContract}, and what must come back. */
final class RankData {
    static final long SEED = 20_260_701;

    private static final float[] MAGNITUDES = {1, 10, 100, 1e3f, 1e4f, 1e5f};

    private RankData() {}

    /** Offsets of shards of one length. */
    static int[] evenly(int worldSize, int shard) {
        int[] offsets = new int[worldSize + 1];
        for (int rank = 0; rank < worldSize; rank++) {
            offsets[rank + 1] = offsets[rank] + shard;
        }
        return offsets;
    }

    /** Values of very different magnitudes, so that another order of additions gives other bits. */
    static float[] values(int salt, int length) {
        Random random = new Random(SEED + salt);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (random.nextFloat() - 0.5f) * MAGNITUDES[random.nextInt(MAGNITUDES.length)];
        }
        return values;
    }

    /** The values as they look after the wire, in place. */
    static float[] rounded(float[] values, WirePrecision precision) {
        ValueCodec.of(precision).round(values, 0, values.length);
        return values;
    }

    /** What a reduce-scatter of everybody's values must give. */
    static float[] sums(int salt, int worldSize, int length) {
        return sums(salt, worldSize, length, WirePrecision.FP32);
    }

    static float[] sums(int salt, int worldSize, int length, WirePrecision precision) {
        float[] sum = rounded(values(salt, length), precision);
        for (int rank = 1; rank < worldSize; rank++) {
            float[] other = rounded(values(salt + rank, length), precision);
            for (int i = 0; i < length; i++) {
                sum[i] += other[i];
            }
        }
        return sum;
    }

    /** Bytes that only this rank gathers in this round. */
    static byte[] block(int rank, int round) {
        byte[] bytes = new byte[30 + 2000 * rank + round];
        new Random(SEED + 1000L * rank + round).nextBytes(bytes);
        return bytes;
    }

    static byte[] copyOf(ByteBlocks blocks, int rank) {
        byte[] copy = new byte[blocks.length(rank)];
        System.arraycopy(blocks.array(), blocks.offset(rank), copy, 0, copy.length);
        return copy;
    }
}
