package org.dl4jscape.core.layout;

import org.dl4jscape.core.config.AdamSConfig;

/**
 * Consecutive parameters with one set of hyper-parameters, usually one tensor of one layer.
 *
 * @param name as a user knows it, such as {@code layer0_W}; errors name it
 * @param range its place in the flat parameter vector
 * @param role how it takes part in the exchange
 * @param optimizer its hyper-parameters; the learning rate comes with each step
 */
public record ParameterBlock(String name, IndexRange range, BlockRole role, AdamSConfig optimizer) {}
