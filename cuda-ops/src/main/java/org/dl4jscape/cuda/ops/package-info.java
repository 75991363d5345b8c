/**
 * The {@code scape_} ops: each a {@link org.nd4j.linalg.api.ops.DynamicCustomOp} whose class says inputs, outputs, arguments,
 * and what may be done in place.
 *
 * <p>An op works on arrays in the order of their memory: any shape will do whose elements lie one behind the other, views
 * with an offset too, and shapes other than the number of elements are not looked at. Outputs that are not given are made.
 * An output may be the very array of the input that its op names; any other overlap of an output with another operand is
 * refused. Ops read everything before they judge: an op that is refused has changed nothing. They have no gradient.
 *
 * <p>Knows the core, the loops in {@link org.dl4jscape.cuda.flat}, and ND4J.
 */
@NullMarked
package org.dl4jscape.cuda.ops;

import org.jspecify.annotations.NullMarked;
