package org.dl4jscape.core.layout;

import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.Digests;

/** The flat parameter vector: its blocks and its buckets, each without gaps from 0 to its length. Immutable. */
public final class ParameterLayout {
    private final List<ParameterBlock> blocks;
    private final int[] bucketLengths;
    private final int length;

    private ParameterLayout(List<ParameterBlock> blocks, int[] bucketLengths) {
        this.blocks = List.copyOf(blocks);
        this.bucketLengths = bucketLengths.clone();
        length = checkedLength();
    }

    private int checkedLength() {
        int at = 0;
        for (ParameterBlock block : blocks) {
            if (block.range().start() != at) {
                throw new IllegalArgumentException("block " + block.name() + " starts at "
                        + block.range().start() + " (expected: " + at + ", the end of the block before it)");
            }
            at = block.range().end();
        }
        for (int bucket : bucketLengths) {
            if (bucket < 0) {
                throw new IllegalArgumentException("a bucket holds " + bucket + " parameters (expected: >= 0)");
            }
        }
        long inBuckets = Arrays.stream(bucketLengths).asLongStream().sum();
        if (inBuckets != at) {
            throw new IllegalArgumentException(
                    "buckets hold " + inBuckets + " parameters (expected: " + at + ", the parameters of all blocks)");
        }
        return at;
    }

    /** Blocks in one bucket. */
    public static ParameterLayout of(List<ParameterBlock> blocks) {
        int end = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).range().end();
        return new ParameterLayout(blocks, new int[] {end});
    }

    /**
     * Blocks and buckets; they need not be cut at the same places.
     *
     * @param blocks consecutive from 0
     * @param bucketLengths parameters of each bucket, with the same sum
     */
    public static ParameterLayout of(List<ParameterBlock> blocks, int... bucketLengths) {
        return new ParameterLayout(blocks, bucketLengths);
    }

    /** One sparse block in one bucket. */
    public static ParameterLayout uniform(int length, AdamSConfig optimizer) {
        return of(List.of(new ParameterBlock("all", new IndexRange(0, length), BlockRole.SPARSE, optimizer)));
    }

    /** Number of parameters, d. */
    public int length() {
        return length;
    }

    /** The blocks, ascending. */
    public List<ParameterBlock> blocks() {
        return blocks;
    }

    /** Number of buckets. */
    public int bucketCount() {
        return bucketLengths.length;
    }

    /** Parameters in one bucket. */
    public int bucketLength(int bucket) {
        return bucketLengths[bucket];
    }

    /** The same text for equal layouts. */
    public String describe() {
        StringBuilder text = new StringBuilder("buckets ").append(Arrays.toString(bucketLengths));
        for (ParameterBlock block : blocks) {
            text.append('\n').append(block);
        }
        return text.toString();
    }

    /** Differs, but for a chance of 2^-64, where blocks or buckets differ; part of every checkpoint. */
    public long fingerprint() {
        return Digests.of(describe());
    }

    @Override
    public String toString() {
        return describe();
    }
}
