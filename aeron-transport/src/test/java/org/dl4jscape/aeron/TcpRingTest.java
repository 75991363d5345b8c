package org.dl4jscape.aeron;

/** The contract by the ring, over transport {@code tcp}. */
class TcpRingTest extends RingContract {
    TcpRingTest() {
        super("tcp");
    }
}
