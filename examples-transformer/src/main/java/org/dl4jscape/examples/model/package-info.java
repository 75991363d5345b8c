/**
 * A decoder transformer for characters, as layers of a Deeplearning4j {@code ComputationGraph}: token and position embedding,
 * blocks of causal attention and feed-forward net with norms before them, and a head with softmax cross entropy.
 *
 * <p>Forward and backward pass are written by hand over float arrays, matrix products go to OpenBLAS. The layers keep their
 * buffers, so one instance serves one thread. Knows Deeplearning4j, nothing of SCAPE.
 */
@NullMarked
package org.dl4jscape.examples.model;

import org.jspecify.annotations.NullMarked;
