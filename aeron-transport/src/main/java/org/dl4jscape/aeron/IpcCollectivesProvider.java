package org.dl4jscape.aeron;

import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * Collectives over Aeron IPC, by the name {@code ipc}: ranks of one machine exchange through shared memory. The properties
 * that it knows are the settings of {@link AeronTransport.Context}.
 */
public final class IpcCollectivesProvider implements CollectivesProvider {
    /** For {@link java.util.ServiceLoader}. */
    public IpcCollectivesProvider() {}

    @Override
    public String name() {
        return AeronTransport.Ways.IPC.transport();
    }

    @Override
    public void check(int worldSize, int localRanks, CollectivesOptions options) {
        AeronTransport.check(
                worldSize,
                localRanks,
                new AeronTransport.Context().options(options).ways(AeronTransport.Ways.IPC));
    }

    @Override
    public Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options) {
        return AeronTransport.connect(
                group, rendezvous, new AeronTransport.Context().options(options).ways(AeronTransport.Ways.IPC));
    }
}
