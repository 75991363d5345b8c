/**
 * One training step of one rank: {@link org.dl4jscape.core.step.ScapeStep} is the algorithm on one page, its parts are the
 * other classes here, and {@link org.dl4jscape.core.step.RankState} is all that survives a step.
 *
 * <p>What enters: the flat parameter view and the flat gradient view of a model. What leaves: changed parameters, the same
 * bits on every rank, and {@link org.dl4jscape.core.step.StepStats}. Knows all of core but the checkpoint.
 */
@NullMarked
package org.dl4jscape.core.step;

import org.jspecify.annotations.NullMarked;
