package org.dl4jscape.core.exchange;

/**
 * The out-of-band meeting in which ranks tell each other where they listen, before a transport exists.
 *
 * <p>Spark's barrier stage offers one, threads of a JVM another.
 */
@FunctionalInterface
public interface Rendezvous {
    /**
     * Publishes this rank's line and returns the lines of all ranks in rank order. Blocks until all ranks have called it;
     * all ranks call it equally often.
     *
     * @param line text without line breaks, at most 4096 characters
     * @return worldSize lines
     * @throws CollectiveException when a rank does not come within the deadline
     */
    String[] allGather(String line);
}
