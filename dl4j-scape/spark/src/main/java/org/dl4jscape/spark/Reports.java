package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.deeplearning4j.spark.impl.listeners.VanillaStatsStorageRouter;

/**
 * What the routing listeners of one rank have reported in a fit.
 *
 * @param metaData about sessions
 * @param staticInfo once a worker
 * @param updates in the order of the steps
 */
record Reports(List<StorageMetaData> metaData, List<Persistable> staticInfo, List<Persistable> updates)
        implements Serializable {

    /** What a router of a rank has gathered. */
    static Reports of(VanillaStatsStorageRouter router) {
        return new Reports(
                new ArrayList<>(router.getStorageMetaData()),
                new ArrayList<>(router.getStaticInfo()),
                new ArrayList<>(router.getUpdates()));
    }

    /** Hands all of it to the driver's router. */
    void sendTo(StatsStorageRouter destination) {
        destination.putStorageMetaData(metaData);
        destination.putStaticInfo(staticInfo);
        destination.putUpdate(updates);
    }
}
