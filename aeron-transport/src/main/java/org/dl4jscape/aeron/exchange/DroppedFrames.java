package org.dl4jscape.aeron.exchange;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** Frames of all peers that were dropped, by reason; counted by the exchange thread, read by any. */
final class DroppedFrames {
    private final AtomicLongArray counts = new AtomicLongArray(DropReason.values().length);

    void count(DropReason reason) {
        counts.incrementAndGet(reason.ordinal());
    }

    long of(DropReason reason) {
        return counts.get(reason.ordinal());
    }

    long total() {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        return total;
    }

    /** By the names of the reasons that occurred. */
    Map<String, Long> byName() {
        Map<String, Long> counted = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            if (of(reason) > 0) {
                counted.put(reason.name(), of(reason));
            }
        }
        return counted;
    }

    /** {@code none}, or the reasons that occurred: {@code CHECKSUM=1, DUPLICATE=3}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (DropReason reason : DropReason.values()) {
            if (of(reason) > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(reason)
                        .append('=')
                        .append(of(reason));
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}
