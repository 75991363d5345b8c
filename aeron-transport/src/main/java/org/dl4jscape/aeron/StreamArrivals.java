package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.Subscription;
import org.agrona.concurrent.status.CountersReader;

/**
 * How far the stream of one peer has come, by the counters of the media driver: the highest byte that it has seen, and how far
 * it is whole. A subscriber sees the second only. Belongs to the exchange thread; allocates nothing.
 */
final class StreamArrivals {
    private final CountersReader counters;
    private final Subscription subscription;
    private int highest = Aeron.NULL_VALUE;
    private int whole = Aeron.NULL_VALUE;

    StreamArrivals(CountersReader counters, Subscription subscription) {
        this.counters = counters;
        this.subscription = subscription;
    }

    /** Grows with either; 0 before the stream has begun. */
    long sum() {
        if (highest == Aeron.NULL_VALUE && !find()) {
            return 0;
        }
        return counters.getCounterValue(highest) + counters.getCounterValue(whole);
    }

    private boolean find() {
        if (subscription.imageCount() == 0) {
            return false;
        }
        long image = subscription.imageAtIndex(0).correlationId();
        whole = counters.findByTypeIdAndRegistrationId(AeronCounters.DRIVER_RECEIVER_POS_TYPE_ID, image);
        int found = counters.findByTypeIdAndRegistrationId(AeronCounters.DRIVER_RECEIVER_HWM_TYPE_ID, image);
        highest = whole == Aeron.NULL_VALUE ? Aeron.NULL_VALUE : found;
        return highest != Aeron.NULL_VALUE;
    }
}
