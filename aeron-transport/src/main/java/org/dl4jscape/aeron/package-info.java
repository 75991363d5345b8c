/**
 * Media of Aeron: a full mesh of streams between the ranks of a group, by UDP, by shared memory, or mixed.
 *
 * <p>Each pair of ranks has a stream of its own in each direction, bound to a session that the receiver chose at random
 * and made known through the rendezvous. The exchange thread of a rank owns all of Aeron and by default drives the
 * embedded media driver too; {@link org.dl4jscape.aeron.AeronTransport.Context} has the settings. What is done with the
 * streams stands in {@link org.dl4jscape.aeron.exchange}.
 *
 * <p>This package knows Aeron, the ports of {@code core.exchange}, and {@code aeron.exchange}.
 */
@NullMarked
package org.dl4jscape.aeron;

import org.jspecify.annotations.NullMarked;
