package org.dl4jscape.core.exchange;

/** A transport that can be found through {@link java.util.ServiceLoader}: add its jar, name it, and it is used. */
public interface CollectivesProvider {
    /** Name by which a user selects this transport, in lower case: {@code aeron}, {@code inprocess}. */
    String name();

    /**
     * Finds out, before any work starts, whether this machine has what ranks of a group will need. The default knows of no
     * need.
     *
     * @param worldSize number of ranks of the group, at least 1
     * @param localRanks how many of them run on this machine, 1 to worldSize
     * @param options as for {@link #connect}
     * @throws CollectiveException naming what is missing, how much is there and how much is needed, and the remedy
     * @throws IllegalArgumentException when an option is out of its range or unknown
     */
    default void check(int worldSize, int localRanks, CollectivesOptions options) {}

    /**
     * Connects one rank; all ranks of the group call it at about the same time.
     *
     * @param group place of this rank
     * @param rendezvous how endpoints are made known
     * @param options deadline, address, and the transport's own settings
     * @return collectives that are connected to all ranks
     * @throws CollectiveException when a rank cannot be reached within the deadline, or the machine lacks what is needed
     * @throws IllegalArgumentException when an option is out of its range or unknown
     */
    Collectives connect(ProcessGroup group, Rendezvous rendezvous, CollectivesOptions options);
}
