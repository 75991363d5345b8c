package org.dl4jscape.examples.cli;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.spark.StepListenerFactory;

/**
 * Brings rank 0's steps from a Spark task to the listener of the command, which lives in the same JVM but cannot be
 * serialised: only its key travels. That is the reason for the static map; an entry lives as long as the run.
 *
 * @param key of the listener
 */
record StepRelay(String key) implements StepListenerFactory {
    private static final Map<String, StepListener> LISTENERS = new ConcurrentHashMap<>();

    static String register(StepListener listener) {
        String key = UUID.randomUUID().toString();
        LISTENERS.put(key, listener);
        return key;
    }

    static void forget(String key) {
        LISTENERS.remove(key);
    }

    @Override
    public List<StepListener> create(int rank) {
        StepListener listener = LISTENERS.get(key);
        return rank == 0 && listener != null ? List.of(listener) : List.of();
    }
}
