/**
 * Proof on a machine: kernels compared with the reference, bit by bit, and what {@code cuda-ops/gpu-verify} runs.
 *
 * <p>Knows the core and the kernels of this module; nothing knows it.
 */
@NullMarked
package org.dl4jscape.cuda.verify;

import org.jspecify.annotations.NullMarked;
