package org.dl4jscape.aeron;

import org.junit.jupiter.api.Tag;

/** The contract by the ring, over transport {@code mixed}. */
@Tag("slow")
class MixedRingTest extends RingContract {
    MixedRingTest() {
        super("mixed");
    }
}
