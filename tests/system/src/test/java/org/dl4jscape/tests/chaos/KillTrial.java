package org.dl4jscape.tests.chaos;

import java.util.List;
import java.util.SplittableRandom;
import org.dl4jscape.tests.support.ranks.RankOutcome;

/**
 * One kill: which rank of which transport dies how long after the first step of all.
 *
 * @param number of the trial; with the seed it fixes the rest
 * @param transport name
 * @param victim rank that is killed
 * @param delayUs microseconds after the first step of all ranks
 */
record KillTrial(int number, String transport, int victim, long delayUs) {
    static final int RANKS = 3;
    private static final List<String> TRANSPORTS = List.of("aeron", "ipc", "mixed", "tcp");
    private static final int DELAY_US = 300_000;

    static KillTrial of(long seed, int number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        return new KillTrial(
                number, TRANSPORTS.get(number % TRANSPORTS.size()), random.nextInt(RANKS), random.nextInt(DELAY_US));
    }

    /** One survivor's end, as data. */
    record Survivor(int trial, String transport, String failure, String phase, double ms) {
        String toLine() {
            return trial + "," + transport + "," + failure + "," + phase + "," + ms;
        }

        static Survivor parse(String line) {
            String[] fields = line.split(",", -1);
            return new Survivor(
                    Integer.parseInt(fields[0]), fields[1], fields[2], fields[3], Double.parseDouble(fields[4]));
        }
    }

    /** What is wrong with a survivor's end; empty when it is as promised. */
    String broken(RankOutcome survivor, List<String> faultFree) {
        if (survivor.isDone() || !survivor.message().contains("rank " + victim)) {
            return "rank " + survivor.rank() + " does not name rank " + victim + ": " + survivor;
        }
        return Promises.broken(survivor, faultFree);
    }

    Survivor survivor(RankOutcome outcome, long killedNs) {
        String phase = outcome.phase().replaceAll(" \\(.*", "");
        return new Survivor(
                number,
                transport,
                outcome.failure(),
                phase.isEmpty() ? "told by another survivor" : phase,
                (outcome.atNs() - killedNs) / 1e6);
    }
}
