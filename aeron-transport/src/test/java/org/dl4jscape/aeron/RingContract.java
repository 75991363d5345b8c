package org.dl4jscape.aeron;

import java.util.List;
import java.util.Map;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.TransportSelection;

/** The contract with values that go from neighbour to neighbour: the same bits, the same errors. */
abstract class RingContract extends CollectivesContract {
    private final String transport;

    RingContract(String transport) {
        this.transport = transport;
    }

    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        CollectivesOptions options = new CollectivesOptions(timeoutNs, "127.0.0.1", Map.of("algorithm", "ring"));
        return LoopbackGroup.connect(worldSize, (group, rendezvous) -> TransportSelection.byName(transport)
                .connect(group, rendezvous, options));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT / Float.BYTES + 30_001;
    }
}
