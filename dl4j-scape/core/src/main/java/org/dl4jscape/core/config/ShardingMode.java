package org.dl4jscape.core.config;

/** Who keeps the optimizer's state; both give the same bits. */
public enum ShardingMode {
    /** Each rank keeps and updates its own shard; changed parameters are gathered (ZeRO-1). */
    SHARDED,
    /** Every rank keeps everything and updates all masked coordinates; the reduced values are gathered. */
    REPLICATED
}
