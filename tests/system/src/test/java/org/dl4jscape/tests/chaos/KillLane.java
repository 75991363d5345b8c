package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dl4jscape.tests.support.faults.Signal;
import org.dl4jscape.tests.support.ranks.RankGroup;
import org.dl4jscape.tests.support.ranks.RankJob;
import org.dl4jscape.tests.support.ranks.RankOutcome;
import org.dl4jscape.tests.support.ranks.RankProcess;

/** Makes one trial after the other with the same survivors. Belongs to one thread. */
final class KillLane implements AutoCloseable {
    static final int STEPS = 3000;
    private static final Duration HANG = Duration.ofSeconds(60);
    private static final long REST_US = 1000;

    private final Path drivers;
    private final RankPool pool;

    KillLane(Path folder, Path drivers) {
        this.drivers = drivers;
        pool = new RankPool(folder);
    }

    static RankJob job(String transport, Path drivers) {
        Map<String, String> properties = transport.equals("tcp") ? Map.of() : Map.of("directory", drivers.toString());
        return RankJob.of(transport, KillTrial.RANKS, STEPS, 11)
                .withParameters(2000, 0.1)
                .withPauseUs(REST_US)
                .withProperties(properties);
    }

    /** Kills, and checks what is promised of the survivors. */
    List<KillTrial.Survivor> run(KillTrial trial, List<String> faultFree) throws InterruptedException {
        List<RankProcess> ranks = pool.take(KillTrial.RANKS);
        RankGroup group = new RankGroup(ranks, UnaryOperator.identity());
        group.begin(job(trial.transport(), drivers).withGeneration(trial.number()), HANG);
        group.awaitFirstStep(HANG);
        group.serve(Duration.ofNanos(1000 * trial.delayUs()));
        assertFalse(group.hasOutcome(), () -> trial + " came too late: a rank had ended before the kill");
        RankProcess victim = ranks.get(trial.victim());
        assertTrue(victim.isAlive(), trial::toString);
        long killedNs = System.nanoTime();
        victim.signal(Signal.KILL);
        assertFalse(victim.isAlive(), trial::toString);

        List<RankOutcome> outcomes = group.awaitOutcomes(Set.of(trial.victim()), HANG);
        assertEquals(KillTrial.RANKS - 1, outcomes.size(), trial::toString);
        List<KillTrial.Survivor> survivors = new ArrayList<>();
        for (RankOutcome outcome : outcomes) {
            assertEquals("", trial.broken(outcome, faultFree), trial::toString);
            survivors.add(trial.survivor(outcome, killedNs));
        }
        List<Long> living = ranks.stream()
                .filter(RankProcess::isAlive)
                .map(RankProcess::pid)
                .toList();
        assertEquals(KillTrial.RANKS - 1, living.size(), trial::toString);
        assertEquals(Set.of(), RankPool.driverFolders(drivers, living), () -> trial + ": folders of survivors");
        return survivors;
    }

    @Override
    public void close() {
        pool.close();
    }
}
