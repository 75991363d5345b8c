package org.dl4jscape.aeron;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/** Groups of ranks in this JVM that speak UDP to each other. */
final class LoopbackGroup {
    private LoopbackGroup() {}

    /** Connects all ranks, each with a context of its own. */
    static List<Collectives> connect(int worldSize, IntFunction<AeronTransport.Context> contexts) throws Exception {
        ThreadRendezvous meeting = new ThreadRendezvous(worldSize);
        ExecutorService threads = Executors.newFixedThreadPool(worldSize);
        try {
            List<Future<Collectives>> connecting = new ArrayList<>();
            for (int rank = 0; rank < worldSize; rank++) {
                ProcessGroup place = ProcessGroup.of(rank, worldSize);
                AeronTransport.Context context = contexts.apply(rank);
                connecting.add(threads.submit(() -> AeronTransport.connect(place, meeting.of(place.rank()), context)));
            }
            List<Collectives> ranks = new ArrayList<>();
            for (Future<Collectives> rank : connecting) {
                ranks.add(rank.get(60, TimeUnit.SECONDS));
            }
            return ranks;
        } finally {
            threads.shutdownNow();
        }
    }

    /** A meeting of threads. */
    static final class ThreadRendezvous {
        private final String[] lines;
        private final CyclicBarrier barrier;

        ThreadRendezvous(int worldSize) {
            lines = new String[worldSize];
            barrier = new CyclicBarrier(worldSize);
        }

        Rendezvous of(int rank) {
            return line -> {
                try {
                    lines[rank] = line;
                    barrier.await(30, TimeUnit.SECONDS);
                    String[] all = lines.clone();
                    barrier.await(30, TimeUnit.SECONDS);
                    return all;
                } catch (Exception e) {
                    throw new CollectiveException("the meeting failed for rank " + rank, e);
                }
            };
        }
    }
}
