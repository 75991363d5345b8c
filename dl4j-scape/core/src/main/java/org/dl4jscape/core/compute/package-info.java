/**
 * The hot loops behind one port, {@link org.dl4jscape.core.compute.Kernels}: plain and readable in
 * {@link org.dl4jscape.core.compute.ReferenceKernels} (the oracle), fast in {@link org.dl4jscape.core.compute.VectorKernels}.
 *
 * <p>All implementations give the same bits: no fused multiply-add, fp32 arithmetic in the order that the reference shows.
 */
@NullMarked
package org.dl4jscape.core.compute;

import org.jspecify.annotations.NullMarked;
