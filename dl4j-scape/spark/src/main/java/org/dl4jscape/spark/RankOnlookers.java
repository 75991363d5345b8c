package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.listeners.VanillaStatsStorageRouter;
import org.dl4jscape.dl4j.BatchListener;
import org.dl4jscape.dl4j.RankTrainer;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Hooks and listeners on their way to the ranks.
 *
 * @param hooks called around every batch
 * @param listeners called by the replica, as under plain {@code fit}
 * @param timed whether the rank times itself
 */
record RankOnlookers(Copies<TrainingHook> hooks, Copies<TrainingListener> listeners, boolean timed)
        implements Serializable {

    /** Makes one rank's copies and hangs them on its replica; what routing listeners report arrives in the router. */
    void attach(RankTrainer trainer, int rank, VanillaStatsStorageRouter router) {
        for (TrainingHook hook : hooks.make()) {
            trainer.addBatchListener(new Hooked(hook));
        }
        List<TrainingListener> own = new ArrayList<>();
        for (TrainingListener listener : listeners.make()) {
            if (listener instanceof RoutingIterationListener routing) {
                routing.setStorageRouter(router);
                routing.setWorkerID("rank-" + rank);
            }
            own.add(listener);
        }
        Model replica = trainer.network();
        if (replica instanceof MultiLayerNetwork multiLayer) {
            multiLayer.setListeners(own);
        } else {
            ((ComputationGraph) replica).setListeners(own);
        }
    }

    /** A hook of Deeplearning4j's as a batch listener. */
    private record Hooked(TrainingHook hook) implements BatchListener {
        @Override
        public void before(Object batch, Model network) {
            if (batch instanceof DataSet dataSet) {
                hook.preUpdate(dataSet, network);
            } else {
                hook.preUpdate((MultiDataSet) batch, network);
            }
        }

        @Override
        public void after(Object batch, Model network) {
            if (batch instanceof DataSet dataSet) {
                hook.postUpdate(dataSet, network);
            } else {
                hook.postUpdate((MultiDataSet) batch, network);
            }
        }
    }
}
