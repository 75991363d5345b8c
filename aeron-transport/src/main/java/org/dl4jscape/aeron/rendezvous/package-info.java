/**
 * Where ranks of several processes meet, without Spark: one {@link org.dl4jscape.aeron.rendezvous.RendezvousHost} listens on
 * a TCP port, and every rank joins through a {@link org.dl4jscape.aeron.rendezvous.TcpRendezvous}, which is the port
 * {@code Rendezvous} of the core.
 *
 * <p><b>A generation.</b> Ranks take their seats: rank, world size, generation and fingerprint must fit. When all seats are
 * taken the generation is formed, and ranks may meet as often as all do. Each keeps its connection, so the host sees at
 * once when a process is gone. Survivors of a loss ask for the next generation; when every member has asked or is gone, the
 * host seats them in the order of their old ranks. One host decides, so a group never falls into two.
 *
 * <p><b>The wire.</b> {@code src/main/sbe/rendezvous.xml}; with a shared secret both sides prove that they know it, since all
 * frames after the first two carry an HMAC under keys of the secret and of two nonces. Every length is limited before memory
 * is given to it.
 *
 * <p>What leaves: lines of text, in rank order, and typed errors with a remedy. This package knows the ports of {@code
 * core.exchange} and {@code aeron.security}, and no medium.
 */
@NullMarked
package org.dl4jscape.aeron.rendezvous;

import org.jspecify.annotations.NullMarked;
