package org.dl4jscape.aeron;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.ThreadRendezvous;

/** Groups of ranks in this JVM that reach each other by a medium. */
public final class LoopbackGroup {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private LoopbackGroup() {}

    /** Connects one rank. */
    @FunctionalInterface
    public interface Connection {
        /** As {@link org.dl4jscape.core.exchange.CollectivesProvider#connect} does. */
        Collectives connect(ProcessGroup group, Rendezvous rendezvous);
    }

    /** Connects all ranks by Aeron, each with a context of its own. */
    static List<Collectives> connect(int worldSize, IntFunction<AeronTransport.Context> contexts) throws Exception {
        return connect(
                worldSize,
                (group, rendezvous) -> AeronTransport.connect(group, rendezvous, contexts.apply(group.rank())));
    }

    /** Connects all ranks at the same time; throws what the first that failed threw. */
    public static List<Collectives> connect(int worldSize, Connection connection) throws Exception {
        ThreadRendezvous meeting = new ThreadRendezvous(worldSize, LIMIT_NS);
        ExecutorService threads = Executors.newFixedThreadPool(worldSize);
        try {
            List<Future<Collectives>> connecting = new ArrayList<>();
            for (int rank = 0; rank < worldSize; rank++) {
                ProcessGroup place = ProcessGroup.of(rank, worldSize);
                connecting.add(threads.submit(() -> connect(connection, place, meeting)));
            }
            List<Collectives> ranks = new ArrayList<>();
            for (Future<Collectives> rank : connecting) {
                ranks.add(rank.get(2 * LIMIT_NS, TimeUnit.NANOSECONDS));
            }
            return ranks;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Collectives connect(Connection connection, ProcessGroup place, ThreadRendezvous meeting) {
        try {
            return connection.connect(place, meeting.of(place.rank()));
        } catch (RuntimeException e) {
            meeting.abort(place.rank(), e.toString());
            throw e;
        }
    }
}
