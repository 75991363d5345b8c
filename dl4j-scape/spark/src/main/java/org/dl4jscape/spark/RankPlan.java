package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.TreeMap;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What every rank is told, apart from the network.
 *
 * @param ranks world size
 * @param batchSize examples in a batch of one rank
 * @param config the algorithm's configuration
 * @param transport name of the transport
 * @param transportProperties settings that only the transport knows
 * @param kernels name of the kernels
 * @param timeoutNs deadline of every wait for another rank
 * @param bindAddress interface to listen on; empty: the address under which Spark knows the executor
 * @param listeners step listeners by rank
 * @param checkpoints where ranks save themselves; null: nowhere
 * @param onlookers hooks and listeners of Deeplearning4j
 */
record RankPlan(
        int ranks,
        int batchSize,
        ConfigForm config,
        String transport,
        TreeMap<String, String> transportProperties,
        String kernels,
        long timeoutNs,
        String bindAddress,
        StepListenerFactory listeners,
        @Nullable CheckpointPolicy checkpoints,
        RankOnlookers onlookers)
        implements Serializable {}
