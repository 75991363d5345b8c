package org.dl4jscape.tests.support.faults;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How often each thing happened in a relay; counted by its threads, read by any. */
public final class FaultCounts {
    private final Map<Fault, AtomicLong> counts = new EnumMap<>(Fault.class);

    /** What a relay can do. */
    public enum Fault {
        /** Passed on, intact or not. */
        FORWARDED,
        /** Swallowed. */
        LOST,
        /** Passed on a second time. */
        DUPLICATED,
        /** Passed on after one that came later. */
        REORDERED,
        /** Passed on with a flipped bit. */
        CORRUPTED,
        /** Passed on later than it came, on purpose. */
        DELAYED,
        /** Connections that were reset. */
        CUT,
        /** Bytes passed on. */
        BYTES
    }

    FaultCounts() {
        for (Fault fault : Fault.values()) {
            counts.put(fault, new AtomicLong());
        }
    }

    void add(Fault fault, long times) {
        counter(fault).addAndGet(times);
    }

    /** How often. */
    public long of(Fault fault) {
        return counter(fault).get();
    }

    private AtomicLong counter(Fault fault) {
        AtomicLong counter = counts.get(fault);
        if (counter == null) {
            throw new IllegalArgumentException("fault=" + fault + " (expected: one that is counted)");
        }
        return counter;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
