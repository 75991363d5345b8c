/**
 * The ports through which ranks exchange data, and the implementation for ranks of one JVM.
 *
 * <p>What enters: packed values and small byte blocks. What leaves: sums in rank order and the blocks of all ranks.
 * This package knows nothing of masks, layouts or optimizers; a transport (Aeron, for one) implements
 * {@link org.dl4jscape.core.exchange.Collectives} and is found through
 * {@link org.dl4jscape.core.exchange.CollectivesProvider}.
 */
@NullMarked
package org.dl4jscape.core.exchange;

import org.jspecify.annotations.NullMarked;
