package org.dl4jscape.core.exchange;

/**
 * One rank's place in one membership of the process group.
 *
 * @param rank index of this rank, 0 &lt;= rank &lt; worldSize
 * @param worldSize number of ranks, at least 1
 * @param generation the membership this place belongs to, at least 0; it grows whenever the group is formed anew, and a
 *     message of an older generation is never delivered to a younger one
 */
public record ProcessGroup(int rank, int worldSize, int generation) {
    /** Checks the three numbers. */
    public ProcessGroup {
        if (worldSize < 1) {
            throw new IllegalArgumentException("worldSize=" + worldSize + " (expected: >= 1)");
        }
        if (rank < 0 || rank >= worldSize) {
            throw new IllegalArgumentException("rank=" + rank + " (expected: 0 <= rank < worldSize=" + worldSize + ")");
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generation=" + generation + " (expected: >= 0)");
        }
    }

    /** A place in the first membership of a group. */
    public static ProcessGroup of(int rank, int worldSize) {
        return new ProcessGroup(rank, worldSize, 0);
    }

    @Override
    public String toString() {
        return "rank " + rank + " of " + worldSize + " (generation " + generation + ")";
    }
}
