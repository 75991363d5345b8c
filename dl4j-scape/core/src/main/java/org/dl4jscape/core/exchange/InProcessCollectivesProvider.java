package org.dl4jscape.core.exchange;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Transport {@code inprocess}: ranks that are threads of one JVM, found through the service loader.
 *
 * <p>Threads that share nothing but the JVM (Spark tasks in {@code local[n]}) need one place to meet; that is the only
 * reason for the static map. An entry lives from the rendezvous until the last rank has taken its collectives.
 */
public final class InProcessCollectivesProvider implements CollectivesProvider {
    private static final String JVM = UUID.randomUUID().toString();
    private static final Map<String, Forming> FORMING = new ConcurrentHashMap<>();

    private record Forming(InProcessGroup group, int taken) {}

    /** Called by the service loader. */
    public InProcessCollectivesProvider() {}

    @Override
    public String name() {
        return "inprocess";
    }

    @Override
    public void check(int worldSize, int localRanks, CollectivesOptions options) {
        if (!options.properties().isEmpty()) {
            throw new IllegalArgumentException("transport inprocess has no properties, but was given "
                    + options.properties().keySet() + "; remove them");
        }
    }

    @Override
    public Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options) {
        check(group.worldSize(), group.worldSize(), options);
        String[] lines = rendezvous.allGather(JVM + " " + UUID.randomUUID());
        for (int rank = 0; rank < lines.length; rank++) {
            if (!lines[rank].startsWith(JVM)) {
                throw new IllegalArgumentException("rank " + rank + " runs in another JVM than rank " + group.rank()
                        + "; transport inprocess needs all ranks in one, use transport aeron");
            }
        }
        Forming formed = FORMING.compute(lines[0], (key, found) -> {
            InProcessGroup shared =
                    found == null ? new InProcessGroup(group.worldSize(), options.timeoutNs()) : found.group();
            return new Forming(shared, found == null ? 1 : found.taken() + 1);
        });
        if (formed.taken() == group.worldSize()) {
            FORMING.remove(lines[0]);
        }
        return formed.group().collectives(group.rank());
    }
}
