package org.dl4jscape.core.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.config.AdamSConfig;

/** Layouts for tests. */
public final class Layouts {
    private Layouts() {}

    /** Blocks of all roles in turn, of one length. */
    public static ParameterLayout ofAllRoles(int blockLength, int blocks, int... buckets) {
        List<ParameterBlock> all = new ArrayList<>();
        for (int b = 0; b < blocks; b++) {
            BlockRole role = BlockRole.values()[b % BlockRole.values().length];
            all.add(block("block" + b, b * blockLength, (b + 1) * blockLength, role));
        }
        return buckets.length == 0 ? ParameterLayout.of(all) : ParameterLayout.of(all, buckets);
    }

    /** Random blocks and, cut elsewhere, random buckets; some of both are empty. */
    public static ParameterLayout random(long seed, int length) {
        Random random = new Random(seed);
        List<ParameterBlock> blocks = new ArrayList<>();
        for (int at = 0; at < length; ) {
            int end = Math.min(length, at + random.nextInt(length / 3 + 2));
            BlockRole role = BlockRole.values()[random.nextInt(BlockRole.values().length)];
            blocks.add(block("block" + blocks.size(), at, end, role));
            at = end;
        }
        List<Integer> buckets = new ArrayList<>();
        for (int left = length; left > 0; ) {
            int bucket = Math.min(left, random.nextInt(length / 2 + 2));
            buckets.add(bucket);
            left -= bucket;
        }
        return ParameterLayout.of(
                blocks, buckets.stream().mapToInt(Integer::intValue).toArray());
    }

    /** One block at the defaults. */
    public static ParameterBlock block(String name, int start, int end, BlockRole role) {
        return new ParameterBlock(name, new IndexRange(start, end), role, AdamSConfig.defaults());
    }
}
