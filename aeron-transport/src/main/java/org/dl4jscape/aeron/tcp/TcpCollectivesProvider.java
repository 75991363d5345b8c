package org.dl4jscape.aeron.tcp;

import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * Collectives over TCP, by the name {@code tcp}, for networks in which UDP is blocked. The properties that it knows are
 * the settings of {@link TcpTransport.Context}.
 */
public final class TcpCollectivesProvider implements CollectivesProvider {
    static final String NAME = "tcp";

    /** For {@link java.util.ServiceLoader}. */
    public TcpCollectivesProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void check(int worldSize, int localRanks, CollectivesOptions options) {
        new TcpMedium(
                        ProcessGroup.of(0, 1),
                        new TcpTransport.Context().options(options).conclude(),
                        null)
                .check();
    }

    @Override
    public Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options) {
        return TcpTransport.connect(group, rendezvous, new TcpTransport.Context().options(options));
    }
}
