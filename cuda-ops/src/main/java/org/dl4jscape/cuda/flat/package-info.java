/**
 * The loops of the ops on flat views, in plain Java: a view is a {@link java.nio.FloatBuffer} over an ND4J array, or over a
 * heap array, and is never copied as a whole.
 *
 * <p>Every method gives the bits of {@link org.dl4jscape.core.compute.ReferenceKernels}: fp32 arithmetic in the written
 * order, no fused multiply-add. Buffers are read and written at absolute positions; their position and limit are left alone.
 * Knows the core; knows neither ND4J nor the ops.
 */
@NullMarked
package org.dl4jscape.cuda.flat;

import org.jspecify.annotations.NullMarked;
