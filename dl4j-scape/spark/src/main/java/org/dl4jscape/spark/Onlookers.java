package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.jspecify.annotations.Nullable;

/**
 * What a user hangs on the training: hooks, training listeners with a router for what they report, and statistics. On the
 * driver; the ranks get {@link #copies}.
 */
final class Onlookers {
    private final List<TrainingHook> hooks = new ArrayList<>();
    private List<TrainingListener> listeners = List.of();
    private @Nullable StatsStorageRouter router;
    private final String session = "scape_" + UUID.randomUUID();
    private @Nullable ScapeTrainingStats stats;

    /**
     * Adds a hook; each rank calls its own copy.
     *
     * @throws IllegalArgumentException when it cannot be serialised
     */
    void add(TrainingHook hook) {
        new Copies<>("training hooks", List.of(hook));
        hooks.add(hook);
    }

    /** Takes a hook away again, if it was added. */
    void remove(TrainingHook hook) {
        hooks.remove(hook);
    }

    /**
     * The listeners from now on; each rank calls its own copies.
     *
     * @param destination takes what routing listeners report, after each fit; null where nobody does
     * @throws IllegalArgumentException when one cannot be serialised
     */
    void listen(@Nullable StatsStorageRouter destination, @Nullable Collection<TrainingListener> added) {
        List<TrainingListener> all = new ArrayList<>();
        for (TrainingListener listener : added == null ? List.<TrainingListener>of() : added) {
            if (listener instanceof RoutingIterationListener routing) {
                // The router may hold files or sockets; the ranks have routers of their own.
                RoutingIterationListener copy = routing.clone();
                copy.setStorageRouter(null);
                if (copy.getSessionID() == null) {
                    copy.setSessionID(session);
                }
                all.add(copy);
            } else {
                all.add(listener);
            }
        }
        new Copies<>("training listeners", all);
        listeners = all;
        router = destination;
    }

    /** The times of all fits since statistics are collected; null where none was. */
    @Nullable
    ScapeTrainingStats stats() {
        return stats;
    }

    /**
     * As the ranks get them.
     *
     * @param timed whether ranks time themselves
     */
    RankOnlookers copies(boolean timed) {
        return new RankOnlookers(
                new Copies<>("training hooks", hooks), new Copies<>("training listeners", listeners), timed);
    }

    /** Takes over what the routing listeners of the ranks have reported in a fit. */
    void route(ScapeTrainingResult[] results) {
        StatsStorageRouter destination = router;
        if (destination != null) {
            for (ScapeTrainingResult result : results) {
                result.reports().sendTo(destination);
            }
        }
    }

    /** Adds the times of the driver and of the ranks in a fit. */
    void time(ScapeTrainingResult[] results, long startMs) {
        ScapeTrainingStats all = stats == null ? new ScapeTrainingStats() : stats;
        stats = all;
        all.ended(ScapeTrainingStats.FIT, startMs);
        for (ScapeTrainingResult result : results) {
            all.addOtherTrainingStats(result.stats());
        }
    }
}
