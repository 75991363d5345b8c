/**
 * SCAPE for Deeplearning4j: a model's flat gradient view goes in, its flat parameter view comes out changed.
 *
 * <p>{@link org.dl4jscape.dl4j.ModelBridge} takes the place of a network's updater, {@link org.dl4jscape.dl4j.RankTrainer}
 * trains one rank's replica, {@link org.dl4jscape.dl4j.ScapeTrainer} trains on the threads of one machine, or as one of
 * the processes of {@link org.dl4jscape.dl4j.launch}. Knows core, Deeplearning4j and ND4J; finds transports and kernels through the service loader.
 */
@NullMarked
package org.dl4jscape.dl4j;

import org.jspecify.annotations.NullMarked;
