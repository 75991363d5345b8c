package org.dl4jscape.tests.chaos;

import java.util.List;
import java.util.Set;
import org.dl4jscape.tests.support.ranks.RankOutcome;

/** What is promised of a rank, whatever happens to the group. */
final class Promises {
    private static final Set<String> TYPED =
            Set.of("CollectiveException", "PeerLostException", "RankAbortedException", "CollectiveTimeoutException");

    private Promises() {}

    /**
     * What is wrong with a rank's end; empty when it did all steps with the parameters of a run without faults, or failed with
     * a typed exception and the parameters of a whole step. A step that failed in its last act has moved them already.
     */
    static String broken(RankOutcome rank, List<String> faultFree) {
        int steps = rank.steps();
        if (rank.isDone()) {
            return rank.sha256().equals(faultFree.get(faultFree.size() - 1))
                    ? ""
                    : "rank " + rank.rank() + " did all steps and has other parameters than without faults";
        }
        if (!TYPED.contains(rank.failure())) {
            return "rank " + rank.rank() + " ended with '" + rank.failure() + "' " + rank.message();
        }
        boolean unconnected = rank.sha256().equals("none");
        boolean whole = unconnected
                || faultFree
                        .subList(steps, Math.min(steps + 2, faultFree.size()))
                        .contains(rank.sha256());
        return whole
                ? ""
                : "rank " + rank.rank() + " has the parameters of no whole step after " + steps + " steps and "
                        + rank.message();
    }
}
