package org.dl4jscape.dl4j.launch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers a line of every rank of one generation, again and again, and gives all to all. Any thread. */
final class RankLines {
    /** One rank, as it can be told something. */
    interface Rank {
        /** Tells it messages one behind the other; never throws. */
        void tell(String... messages);
    }

    private final @Nullable Rank[] ranks;
    private final @Nullable String[] lines;

    RankLines(int worldSize) {
        ranks = new @Nullable Rank[worldSize];
        lines = new @Nullable String[worldSize];
    }

    /** A rank announces its line; returns why it may not, or an empty string. When all have, all get all. */
    synchronized String add(int rank, String line, Rank from) {
        if (ranks[rank] != null) {
            return "rank " + rank + " announces itself twice; every process needs a rank of its own, which scape-launch"
                    + " gives by " + ProcessRank.RANK;
        }
        ranks[rank] = from;
        lines[rank] = line;
        List<String> all = new ArrayList<>();
        for (String one : lines) {
            if (one == null) {
                return "";
            }
            all.add(GroupHost.LINE + " " + one);
        }
        for (int to = 0; to < ranks.length; to++) {
            Rank receiver = ranks[to];
            ranks[to] = null;
            lines[to] = null;
            if (receiver != null) {
                receiver.tell(all.toArray(String[]::new));
            }
        }
        return "";
    }
}
