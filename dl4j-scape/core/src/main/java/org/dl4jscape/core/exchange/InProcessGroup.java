package org.dl4jscape.core.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A process group whose ranks are threads of one JVM: no sockets, no copies but those that the algorithm needs.
 *
 * <p>Each rank's {@link Collectives} belongs to its thread; the group itself may be shared. Every wait ends after the
 * group's deadline.
 */
public final class InProcessGroup {
    private final Meeting meeting;
    private final List<InProcessCollectives> ranks = new ArrayList<>();
    /** How many gathers of a kind each rank has posted. */
    private final Map<PayloadKind, long[]> posted = new EnumMap<>(PayloadKind.class);

    /**
     * A group of threads.
     *
     * @param worldSize number of ranks, at least 1
     * @param timeoutNs deadline of every wait in nanoseconds, &gt; 0
     */
    public InProcessGroup(int worldSize, long timeoutNs) {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " (expected: > 0)");
        }
        meeting = new Meeting(worldSize, timeoutNs);
        for (PayloadKind kind : PayloadKind.values()) {
            posted.put(kind, new long[worldSize]);
        }
        for (int rank = 0; rank < worldSize; rank++) {
            ranks.add(new InProcessCollectives(ProcessGroup.of(rank, worldSize), meeting, ranks, posted));
        }
    }

    /** The collectives of one rank. */
    public Collectives collectives(int rank) {
        return ranks.get(rank);
    }
}
