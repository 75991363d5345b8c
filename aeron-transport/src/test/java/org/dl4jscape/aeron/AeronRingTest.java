package org.dl4jscape.aeron;

import org.junit.jupiter.api.Tag;

/** The contract by the ring, over transport {@code aeron}. */
@Tag("slow")
class AeronRingTest extends RingContract {
    AeronRingTest() {
        super("aeron");
    }
}
