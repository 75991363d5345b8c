/**
 * Collectives over Aeron UDP: a full mesh of unicast streams between the ranks of a group.
 *
 * <p>Two threads per rank. The training thread ({@link org.dl4jscape.aeron.AeronCollectives}) encodes, decodes and
 * sums; the exchange thread ({@link org.dl4jscape.aeron.ExchangeAgent}) owns everything of Aeron and the network
 * buffers, and by default drives the embedded media driver too. Two single-producer single-consumer queues in {@link
 * org.dl4jscape.aeron.ExchangeLink} join them: whole contributions go out as {@link org.dl4jscape.aeron.Outbound},
 * whole contributions come in as {@link org.dl4jscape.aeron.Inbound}.
 *
 * <p>On the wire every contribution is cut into chunks of one datagram each; {@code src/main/sbe/exchange.xml} is the
 * format, version 1. Each pair of ranks has a stream of its own in each direction, bound to a session that the receiver
 * chose at random and made known through the rendezvous.
 *
 * <p>This package knows the ports of {@code core.exchange} and the codecs of {@code core.pack}, and nothing of masks,
 * layouts or optimizers.
 */
@NullMarked
package org.dl4jscape.aeron;

import org.jspecify.annotations.NullMarked;
