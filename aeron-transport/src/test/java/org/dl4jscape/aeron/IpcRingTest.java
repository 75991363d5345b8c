package org.dl4jscape.aeron;

/** The contract by the ring, over transport {@code ipc}. */
class IpcRingTest extends RingContract {
    IpcRingTest() {
        super("ipc");
    }
}
