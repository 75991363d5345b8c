package org.dl4jscape.aeron.exchange;

import java.util.function.BooleanSupplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Parks for microseconds while something is under way, and up to 20 times longer while the training thread computes and
 * nothing is awaited; any work, and any wish of the training thread, ends a park.
 */
final class ExchangeIdleStrategy implements IdleStrategy {
    private static final int SPINS = 10;
    private static final int YIELDS = 5;
    private static final int RELAXED_FACTOR = 20;
    private static final long MIN_PARK_NS = 1_000;

    private final BooleanSupplier attentive;
    private final BackoffIdleStrategy eager;
    private final BackoffIdleStrategy relaxed;

    ExchangeIdleStrategy(BooleanSupplier attentive, long maxParkNs) {
        this.attentive = attentive;
        eager = new BackoffIdleStrategy(SPINS, YIELDS, MIN_PARK_NS, maxParkNs);
        relaxed = new BackoffIdleStrategy(SPINS, YIELDS, MIN_PARK_NS, RELAXED_FACTOR * maxParkNs);
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        (attentive.getAsBoolean() ? eager : relaxed).idle();
    }

    @Override
    public void reset() {
        eager.reset();
        relaxed.reset();
    }

    @Override
    public String alias() {
        return "exchange";
    }
}
