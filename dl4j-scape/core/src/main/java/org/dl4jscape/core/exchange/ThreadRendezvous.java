package org.dl4jscape.core.exchange;

import java.util.concurrent.TimeUnit;

/** The rendezvous of ranks that are threads of one JVM; each rank uses the view that {@link #of} gives it. */
public final class ThreadRendezvous {
    private final String[] lines;
    private final Meeting meeting;

    /**
     * For a group of threads.
     *
     * @param worldSize number of ranks
     * @param timeoutNs deadline of every wait in nanoseconds, &gt; 0
     */
    public ThreadRendezvous(int worldSize, long timeoutNs) {
        lines = new String[worldSize];
        java.util.Arrays.fill(lines, "");
        meeting = new Meeting(worldSize, Math.max(timeoutNs, TimeUnit.MILLISECONDS.toNanos(1)));
    }

    /** One rank's view. */
    public Rendezvous of(int rank) {
        return line -> {
            lines[rank] = line;
            meeting.arrive(rank, "rendezvous");
            String[] all = lines.clone();
            meeting.arrive(rank, "rendezvous end");
            return all;
        };
    }

    /** Ends the waits of all ranks, because one of them will not come. */
    public void abort(int rank, String reason) {
        meeting.abort(rank, reason);
    }
}
