/**
 * Where things lie in the flat parameter vector: blocks with their hyper-parameters, buckets, and the shard of each rank.
 *
 * <p>A bucket of n parameters is cut into worldSize pieces of ceil(n / worldSize); rank r owns the r-th piece of every
 * bucket, and a trailing rank may own a short piece or none. With 16 parameters in one bucket and 3 ranks: rank 0 owns
 * [0, 6), rank 1 [6, 12), rank 2 [12, 16). The pieces of a rank, one after the other, are its shard; a position in it is
 * <i>local</i>, a position in the vector <i>global</i>. Knows the configuration.
 */
@NullMarked
package org.dl4jscape.core.layout;

import org.jspecify.annotations.NullMarked;
