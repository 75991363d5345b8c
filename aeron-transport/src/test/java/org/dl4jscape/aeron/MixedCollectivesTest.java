package org.dl4jscape.aeron;

import java.util.List;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.junit.jupiter.api.Tag;

/** The whole contract, by shared memory inside of two pretended machines and by UDP between them. */
@Tag("slow")
class MixedCollectivesTest extends CollectivesContract {
    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        return LoopbackGroup.connect(worldSize, rank -> new AeronTransport.Context()
                .ways(AeronTransport.Ways.MIXED)
                .hostId("machine-" + rank * 2 / worldSize)
                .timeoutNs(timeoutNs));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT / Float.BYTES + 30_001;
    }
}
