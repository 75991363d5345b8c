package org.dl4jscape.aeron;

import java.util.List;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;

/** The contract, over UDP on the loopback interface. */
class AeronCollectivesTest extends CollectivesContract {
    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        return LoopbackGroup.connect(worldSize, rank -> new AeronTransport.Context().timeoutNs(timeoutNs));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT;
    }
}
