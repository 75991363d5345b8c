package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dl4jscape.tests.support.faults.ForgedFrames;
import org.dl4jscape.tests.support.ranks.RankGroup;
import org.dl4jscape.tests.support.ranks.RankJob;
import org.dl4jscape.tests.support.ranks.RankOutcome;
import org.dl4jscape.tests.support.ranks.RankProcess;
import org.dl4jscape.tests.support.ranks.SyntheticTraining;

/** A group that trains while a stranger sends to its sockets. One thread. */
final class FloodRun {
    private static final int RANKS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long SEED = Long.getLong("chaos.seed", 20_260_701);

    private final Path folder;
    private final Path drivers;

    FloodRun(Path folder, Path drivers) {
        this.folder = folder;
        this.drivers = drivers;
    }

    /**
     * What was seen.
     *
     * @param setups forged offers of streams
     * @param nonsense fuzzed frames
     * @param arrived datagrams that the system counted for sockets while they were sent
     * @param residentGrowth bytes, of the rank that grew most
     * @param sharedGrowth bytes of the files of all drivers, as if they were not sparse
     * @param quietP95Ms time of a step before
     * @param floodedP95Ms time of a step meanwhile
     */
    record Seen(
            long setups,
            long nonsense,
            long arrived,
            long residentGrowth,
            long sharedGrowth,
            double quietP95Ms,
            double floodedP95Ms) {}

    /** Trains once in peace and once under the flood, and checks the results of both. */
    Seen run(int setups, int nonsense, int perSecond, int steps) throws Exception {
        RankJob job = RankJob.of("aeron", RANKS, steps, 3)
                .withPauseUs(1000)
                .withProperties(Map.of("directory", drivers.toString()));
        List<String> faultFree = SyntheticTraining.faultFree(job);
        try (RankPool pool = new RankPool(folder)) {
            List<RankProcess> ranks = pool.take(RANKS);
            double quiet = p95(train(new RankGroup(ranks, UnaryOperator.identity()), job), faultFree);
            RankGroup group = new RankGroup(ranks, UnaryOperator.identity());
            group.begin(job.withGeneration(1), LIMIT);
            group.awaitFirstStep(LIMIT);
            long resident = residentBytes(ranks);
            long shared = sharedBytes();
            long arrived = datagramsIn();
            try (ForgedFrames forged = new ForgedFrames(targets(group.announced()), SEED)) {
                CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                    try {
                        forged.offerStreams(setups, perSecond);
                        forged.sendNonsense(nonsense, perSecond);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                while (!flood.isDone()) {
                    group.serve(Duration.ofMillis(50));
                }
                flood.join();
                assertEquals(setups + nonsense, forged.sent());
            }
            assertFalse(group.hasOutcome(), "the flood outlasted the training; give it more steps");
            long residentGrowth = residentBytes(ranks) - resident;
            long sharedGrowth = sharedBytes() - shared;
            long came = datagramsIn() - arrived;
            double flooded = p95(group.awaitOutcomes(Set.of(), LIMIT), faultFree);
            return new Seen(setups, nonsense, came, residentGrowth, sharedGrowth, quiet, flooded);
        }
    }

    private static List<RankOutcome> train(RankGroup group, RankJob job) throws InterruptedException {
        group.begin(job, LIMIT);
        return group.awaitOutcomes(Set.of(), LIMIT);
    }

    private static double p95(List<RankOutcome> outcomes, List<String> faultFree) {
        double longest = 0;
        for (RankOutcome outcome : outcomes) {
            assertTrue(outcome.isDone(), outcome::toString);
            assertEquals("", Promises.broken(outcome, faultFree), () -> "seed " + SEED);
            longest = Math.max(longest, outcome.p95Ns() / 1e6);
        }
        return longest;
    }

    /** The sockets of all ranks, from the lines of the rendezvous. */
    private static List<ForgedFrames.Target> targets(List<String> lines) {
        List<ForgedFrames.Target> targets = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            for (String door : fields[fields.length - 1].split(",", -1)) {
                int port = Integer.parseInt(door.substring(0, door.indexOf('/')));
                if (port > 0) {
                    targets.add(new ForgedFrames.Target(port, Integer.parseInt(fields[5])));
                }
            }
        }
        return targets;
    }

    private static long residentBytes(List<RankProcess> ranks) {
        return ranks.stream().mapToLong(RankProcess::residentBytes).max().orElseThrow();
    }

    private long sharedBytes() throws IOException {
        try (Stream<Path> files = Files.walk(drivers)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    /** Datagrams that found a socket, whether it had room for them or not. */
    private static long datagramsIn() throws IOException {
        List<String[]> udp = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                .filter(line -> line.startsWith("Udp:"))
                .map(line -> line.split(" ", -1))
                .toList();
        long sum = 0;
        for (int i = 1; i < udp.get(0).length; i++) {
            String name = udp.get(0)[i];
            if (name.equals("InDatagrams") || name.equals("RcvbufErrors")) {
                sum += Long.parseLong(udp.get(1)[i]);
            }
        }
        return sum;
    }
}
