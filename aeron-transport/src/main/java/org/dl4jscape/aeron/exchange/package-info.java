/**
 * Collectives over a full mesh, whatever carries the messages: by direct exchange, or from neighbour to neighbour.
 *
 * <p>Two threads per rank. The training thread ({@link org.dl4jscape.core.exchange.Collectives}) encodes, decodes and
 * sums; the exchange thread owns the {@link org.dl4jscape.aeron.exchange.Medium} and the network buffers. Two
 * single-producer single-consumer queues join them: whole contributions go out, whole contributions come in. What is true
 * for every medium is here once: the order of operations, sums in rank order, deadlines, heartbeats and loss of peers,
 * abort, farewell, bounded buffers, bytes by kind.
 *
 * <p>What enters: a medium that delivers messages whole and in order, and its {@link
 * org.dl4jscape.aeron.exchange.ExchangeContext}. What leaves: collectives. A contribution is cut into chunks of one
 * message each; {@code src/main/sbe/exchange.xml} is the format, version 1.
 *
 * <p>This package knows the ports of {@code core.exchange}, the codecs of {@code core.pack}, and no medium.
 */
@NullMarked
package org.dl4jscape.aeron.exchange;

import org.jspecify.annotations.NullMarked;
