/**
 * Which coordinates travel: the mask of a step, its selection, its way to the other ranks and its encodings.
 *
 * <p>What enters: the statistic of a shard. What leaves: sorted indices, the same on all ranks. Knows the layout.
 */
@NullMarked
package org.dl4jscape.core.mask;

import org.jspecify.annotations.NullMarked;
