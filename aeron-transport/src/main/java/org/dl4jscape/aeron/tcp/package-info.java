/**
 * TCP as a medium, for networks in which UDP is blocked: one connection per pair of ranks, non-blocking, on the exchange
 * thread.
 *
 * <p>A frame is the length of a message (int32, little-endian), its CRC32C, and the message. A length above the limit or a
 * wrong checksum ends the connection, and with it the group: TCP gives no place from which to go on. The first frame each
 * way is a {@code Hello} that proves knowledge of the group's token, a digest of the lines of all ranks at the rendezvous,
 * of which each has a random part; who does not know it is turned away, and that is logged.
 *
 * <p>Connections are polled without a selector: a rank has few, the exchange thread has other work in the same turn, and
 * a selector would allocate. NIO and not Netty: one thread and no pools are all that is needed.
 *
 * <p>This package knows NIO, the ports of {@code core.exchange}, and {@code aeron.exchange}.
 */
@NullMarked
package org.dl4jscape.aeron.tcp;

import org.jspecify.annotations.NullMarked;
