package org.dl4jscape.aeron;

import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * Collectives over Aeron UDP, by the name {@code aeron}. The properties that it knows are the settings of {@link
 * AeronTransport.Context}.
 */
public final class AeronCollectivesProvider implements CollectivesProvider {
    /** For {@link java.util.ServiceLoader}. */
    public AeronCollectivesProvider() {}

    @Override
    public String name() {
        return AeronTransport.Ways.UDP.transport();
    }

    @Override
    public void check(int worldSize, int localRanks, CollectivesOptions options) {
        AeronTransport.check(worldSize, localRanks, new AeronTransport.Context().options(options));
    }

    @Override
    public Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options) {
        return AeronTransport.connect(group, rendezvous, new AeronTransport.Context().options(options));
    }
}
