package org.dl4jscape.core.exchange;

import java.util.ArrayList;
import java.util.List;

/** The contract, for ranks that are threads of one JVM. */
class InProcessCollectivesTest extends CollectivesContract {
    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) {
        InProcessGroup group = new InProcessGroup(worldSize, timeoutNs);
        List<Collectives> ranks = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            ranks.add(group.collectives(rank));
        }
        return ranks;
    }
}
