package org.dl4jscape.tests.support.ranks;

/**
 * A line that a rank's JVM wrote, or that it ended.
 *
 * @param rank which
 * @param fields of the line; {@code ended} alone when the JVM is gone
 * @param atNs when the parent read it
 */
record RankEvent(int rank, String[] fields, long atNs) {
    static final String ENDED = "ended";

    String kind() {
        return fields[0];
    }
}
