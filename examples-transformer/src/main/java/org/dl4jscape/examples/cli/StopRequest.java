package org.dl4jscape.examples.cli;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SigInt;
import org.dl4jscape.dl4j.StopCondition;

/**
 * Ctrl-C as a wish: the ranks end after a step that all of them agree on, and save it. A second Ctrl-C, or a step that does not come,
 * ends the JVM at once.
 *
 * <p>Ranks live in this JVM, on Spark as tasks that were serialised: only the key of the request travels, which is the reason for
 * the static map; an entry lives as long as the run.
 */
final class StopRequest implements AutoCloseable {
    /** Exit status after Ctrl-C, as shells have it. */
    static final int STATUS = 130;

    private static final Map<String, StopRequest> REQUESTS = new ConcurrentHashMap<>();
    private static final long PATIENCE_SECONDS = 20;

    private final String key = UUID.randomUUID().toString();
    private boolean wanted;
    private int lastStep = Integer.MAX_VALUE;
    private boolean reached;

    private record Condition(String key) implements StopCondition {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean stopsAfter(int step) {
            StopRequest request = REQUESTS.get(key);
            return request != null && request.isLast(step);
        }
    }

    StopRequest() {
        REQUESTS.put(key, this);
    }

    /** From now on Ctrl-C is taken as the wish to stop; until then, and after {@link #close}, it ends the JVM. */
    StopRequest listen() {
        SigInt.register(this::onSignal);
        return this;
    }

    private void onSignal() {
        boolean again = !REQUESTS.containsKey(key) || isWanted();
        request();
        Thread end = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(again ? 0 : PATIENCE_SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    System.exit(STATUS);
                },
                "stop-request");
        end.setDaemon(true);
        end.start();
    }

    /** What the ranks ask. */
    StopCondition condition() {
        return new Condition(key);
    }

    /** Has the ranks stop soon. */
    synchronized void request() {
        wanted = true;
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    /** The first rank that asks after the wish fixes the step: the next one, which no rank has completed yet. */
    private synchronized boolean isLast(int step) {
        if (wanted && lastStep == Integer.MAX_VALUE) {
            lastStep = step + 1;
        }
        reached |= step == lastStep;
        return step == lastStep;
    }

    /** Whether ranks have ended because of it. */
    synchronized boolean isReached() {
        return reached;
    }

    /** The step that was saved, once {@link #isReached}. */
    synchronized int lastStep() {
        return lastStep;
    }

    @Override
    public void close() {
        REQUESTS.remove(key);
    }
}
