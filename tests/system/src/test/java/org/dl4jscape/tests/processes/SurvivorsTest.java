package org.dl4jscape.tests.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.rendezvous.RendezvousHost;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.tests.support.JavaProcess;
import org.dl4jscape.tests.support.faults.Signal;
import org.dl4jscape.tests.support.ranks.SyntheticTraining;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four ranks, one is killed, three go on in the same JVMs, another is killed, two go on. */
@Tag("multi-jvm")
class SurvivorsTest {
    private static final int RANKS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Aeron's client closes itself after 10 s without a turn. */
    private static final long PAUSE_MS = 12_000;

    @TempDir
    Path folder;

    private final List<JavaProcess> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(JavaProcess::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "tcp"})
    void shouldFormGenerationsOfSurvivorsWithTheResultsOfFreshGroups(String transport) throws Exception {
        makeFiles();
        RendezvousHost.Context context = new RendezvousHost.Context()
                .worldSize(RANKS)
                .minWorldSize(SurvivingRank.LAST_WORLD_SIZE)
                .timeoutNs(TimeUnit.SECONDS.toNanos(90))
                .regroupTimeoutNs(TimeUnit.SECONDS.toNanos(90))
                .secret(SharedSecret.ofFile(folder.resolve("secret").toString()));
        try (RendezvousHost host = RendezvousHost.listen(context)) {
            for (int rank = 0; rank < RANKS; rank++) {
                processes.add(start(rank, RANKS, transport, host.address()));
            }
            List<JavaProcess> members = new ArrayList<>(processes);
            for (int victim : new int[] {1, 0}) {
                awaitTrained(members, host.generation());
                JavaProcess killed = members.remove(victim);
                killed.kill();
                assertEquals(137, killed.awaitExit(LIMIT), "SIGKILL");
                int generation = RANKS - members.size();
                members.get(0).await("generation " + generation, LIMIT, () -> host.generation() == generation);
            }
            for (JavaProcess survivor : members) {
                assertEquals(0, survivor.awaitExit(LIMIT), survivor.output());
            }
            assertEquals(SurvivingRank.LAST_WORLD_SIZE, members.size());
            for (int generation = 0; generation <= RANKS - SurvivingRank.LAST_WORLD_SIZE; generation++) {
                List<String> fresh = SyntheticTraining.faultFree(SurvivingRank.job(RANKS - generation));
                for (JavaProcess survivor : members) {
                    assertEquals(fresh.get(SurvivingRank.STEPS), survivor.value("trained-" + generation));
                }
            }
            for (JavaProcess survivor : members) {
                for (int generation : new int[] {0, 1}) {
                    String lost = survivor.value("lost-" + generation);
                    assertTrue(lost.matches("PeerLostException|RankAbortedException"), lost);
                }
            }
            assertEquals(0, host.strangers());
        }
    }

    /**
     * A process that is stopped for longer than Aeron's client allows: it wakes in a generation that has gone on without it.
     * Its client has closed itself by then, so whatever touched Aeron's memory would end the JVM.
     */
    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc"})
    void shouldLeaveOutARankThatStoodStillAndTellItWhenItWakes(String transport) throws Exception {
        makeFiles();
        int ranks = 3;
        RendezvousHost.Context context = new RendezvousHost.Context()
                .worldSize(ranks)
                .timeoutNs(TimeUnit.SECONDS.toNanos(90))
                .regroupTimeoutNs(TimeUnit.SECONDS.toNanos(8))
                .secret(SharedSecret.ofFile(folder.resolve("secret").toString()));
        try (RendezvousHost host = RendezvousHost.listen(context)) {
            for (int rank = 0; rank < ranks; rank++) {
                processes.add(start(rank, ranks, transport, host.address()));
            }
            awaitTrained(processes, 0);
            JavaProcess stopped = processes.get(1);
            long stoppedNs = System.nanoTime();
            Signal.STOP.send(stopped.handle().pid());
            for (int survivor : new int[] {0, 2}) {
                assertEquals(
                        0,
                        processes.get(survivor).awaitExit(LIMIT),
                        processes.get(survivor).output());
            }
            long leftMs = PAUSE_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stoppedNs);
            Thread.sleep(Math.max(0, leftMs));
            assertTrue(Signal.isStopped(stopped.handle().pid()));
            Signal.CONT.send(stopped.handle().pid());
            assertEquals(SurvivingRank.REFUSED, stopped.awaitExit(LIMIT), stopped.output());
            assertEquals("LEFT_OUT", stopped.value("refused"));
            assertTrue(stopped.value("lost-0").endsWith("Exception"), stopped.output());
            assertTrue(stopped.value("phase").startsWith("failed in operation "), stopped.output());
        }
    }

    private void makeFiles() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "correct horse battery staple");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(folder.resolve("drivers"));
    }

    private JavaProcess start(int rank, int ranks, String transport, String address) {
        return JavaProcess.start(
                "rank " + rank,
                folder.resolve("output-" + rank),
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder),
                Map.of("OMP_NUM_THREADS", "1"),
                SurvivingRank.class,
                Integer.toString(rank),
                Integer.toString(ranks),
                transport,
                address,
                folder.toString());
    }

    /** Until every member has done its steps, so that a kill hits a generation that works. */
    private void awaitTrained(List<JavaProcess> members, int generation) throws InterruptedException {
        for (int rank = 0; rank < members.size(); rank++) {
            Path trained = folder.resolve("trained-" + generation + "-" + rank);
            members.get(rank).await("its steps of generation " + generation, LIMIT, () -> Files.exists(trained));
        }
    }
}
