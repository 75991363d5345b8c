package org.dl4jscape.aeron;

import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * Collectives over Aeron, by the name {@code mixed}: shared memory between ranks of one machine, UDP between machines. The properties
 * that it knows are the settings of {@link AeronTransport.Context}.
 */
public final class MixedCollectivesProvider implements CollectivesProvider {
    /** For {@link java.util.ServiceLoader}. */
    public MixedCollectivesProvider() {}

    @Override
    public String name() {
        return AeronTransport.Ways.MIXED.transport();
    }

    @Override
    public void check(int worldSize, int localRanks, CollectivesOptions options) {
        AeronTransport.check(
                worldSize,
                localRanks,
                new AeronTransport.Context().options(options).ways(AeronTransport.Ways.MIXED));
    }

    @Override
    public Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options) {
        return AeronTransport.connect(
                group, rendezvous, new AeronTransport.Context().options(options).ways(AeronTransport.Ways.MIXED));
    }
}
