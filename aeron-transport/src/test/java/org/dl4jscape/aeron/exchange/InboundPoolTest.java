package org.dl4jscape.aeron.exchange;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.dl4jscape.aeron.wire.OperationKind;
import org.junit.jupiter.api.Test;

class InboundPoolTest {
    private static final int LARGE = 4 * 1024 * 1024;

    private final InboundPool pool = new InboundPool(1000);

    @Test
    void shouldNotUseTheMemoryOfALargeContributionForASmallOne() {
        Inbound large = take(LARGE);
        Inbound small = take(10);
        pool.giveBack(small);
        pool.giveBack(large);
        assertSame(small, take(10));
        assertSame(large, take(LARGE));
    }

    @Test
    void shouldEnlargeTheLargestWhereNoneIsLargeEnough() {
        Inbound small = take(10);
        Inbound medium = take(1000);
        pool.giveBack(medium);
        pool.giveBack(small);
        assertSame(medium, take(5000));
        assertSame(small, take(5000));
    }

    @Test
    void shouldGiveUpALargeBufferThatNothingNeedsAnyMore() {
        Inbound large = take(LARGE);
        pool.giveBack(large);
        Inbound last = large;
        for (int i = 0; i <= InboundPool.KEPT_TAKES; i++) {
            last = take(10);
            pool.giveBack(last);
        }
        assertNotSame(large, last);
        assertNotSame(large, take(LARGE));
    }

    @Test
    void shouldKeepALargeBufferThatIsNeededNowAndThen() {
        Inbound large = take(LARGE);
        pool.giveBack(large);
        for (int i = 0; i < 3 * InboundPool.KEPT_TAKES; i++) {
            boolean needed = i % 100 == 0;
            Inbound taken = take(needed ? LARGE : 10);
            if (needed) {
                assertSame(large, taken, "take " + i);
            }
            pool.giveBack(taken);
        }
    }

    private Inbound take(int length) {
        Inbound inbound = pool.take(length);
        inbound.begin(1, 0, OperationKind.ALL_GATHER, 0, length);
        return inbound;
    }
}
