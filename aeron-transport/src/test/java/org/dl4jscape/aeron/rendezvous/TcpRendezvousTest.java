package org.dl4jscape.aeron.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host and ranks in one JVM, over loopback. Deadlines are generous where they must not end, short where they must. */
class TcpRendezvousTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final SharedSecret SECRET = secret("correct horse battery staple");

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static SharedSecret secret(String words) {
        return SharedSecret.of(words.getBytes(StandardCharsets.UTF_8), "test");
    }

    private static RendezvousHost host(int worldSize, long timeoutNs, @Nullable SharedSecret secret) {
        return RendezvousHost.listen(new RendezvousHost.Context()
                .worldSize(worldSize)
                .timeoutNs(timeoutNs)
                .secret(secret));
    }

    private static TcpRendezvous.Context rank(String address, int rank, int worldSize) {
        return new TcpRendezvous.Context()
                .address(address)
                .group(ProcessGroup.of(rank, worldSize))
                .timeoutNs(LONG_NS);
    }

    private static TcpRendezvous.Context rank(RendezvousHost host, int rank, int worldSize) {
        return rank(host.address(), rank, worldSize);
    }

    private static String[] meetOnce(TcpRendezvous.Context context, String line) {
        try (TcpRendezvous rendezvous = TcpRendezvous.join(context)) {
            return rendezvous.allGather(line);
        }
    }

    private <T> List<T> all(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> running : threads.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
            results.add(running.get());
        }
        return results;
    }

    /** What each rank throws when all meet once. */
    private List<Throwable> failures(List<TcpRendezvous.Context> ranks) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        List<Callable<String[]>> tasks = new ArrayList<>();
        ranks.forEach(rank -> tasks.add(() -> meetOnce(rank, "x")));
        for (Future<String[]> running : threads.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
            failures.add(assertThrows(ExecutionException.class, running::get).getCause());
        }
        return failures;
    }

    private static void assertReason(Reason expected, Throwable failure) {
        assertEquals(
                expected, assertInstanceOf(RendezvousException.class, failure).reason(), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMeetSeveralTimesInRankOrder(boolean secured) throws Exception {
        SharedSecret secret = secured ? SECRET : null;
        String longest = "ü".repeat(4096);
        try (RendezvousHost host = host(4, LONG_NS, secret)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int rank = 0; rank < 4; rank++) {
                TcpRendezvous.Context context = rank(host, rank, 4).secret(secret);
                int own = rank;
                tasks.add(() -> {
                    try (TcpRendezvous rendezvous = TcpRendezvous.join(context)) {
                        for (int meeting = 0; meeting < 3; meeting++) {
                            String text = meeting + longest.substring(1);
                            String[] lines = rendezvous.allGather(own == 2 ? text : "line " + own + " " + meeting);
                            assertArrayEquals(
                                    new String[] {"line 0 " + meeting, "line 1 " + meeting, text, "line 3 " + meeting},
                                    lines);
                        }
                    }
                    return own;
                });
            }
            assertEquals(List.of(0, 1, 2, 3), all(tasks));
            assertEquals(0, host.strangers());
        }
    }

    @Test
    void shouldMeetWhenTheHostStartsLaterThanTheRanks() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<Future<String[]>> waiting = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            TcpRendezvous.Context context = rank("127.0.0.1:" + port, rank, 2);
            waiting.add(threads.submit(() -> meetOnce(context, "x")));
        }
        Thread.sleep(200);
        try (RendezvousHost host = RendezvousHost.listen(
                new RendezvousHost.Context().port(port).worldSize(2).timeoutNs(LONG_NS))) {
            for (Future<String[]> rank : waiting) {
                assertArrayEquals(new String[] {"x", "x"}, rank.get(120, TimeUnit.SECONDS), host::toString);
            }
        }
    }

    @Test
    void shouldTellEveryRankOfADuplicate() throws Exception {
        try (RendezvousHost host = host(3, LONG_NS, null)) {
            for (Throwable failure : failures(List.of(rank(host, 0, 3), rank(host, 1, 3), rank(host, 1, 3)))) {
                assertReason(Reason.DUPLICATE_RANK, failure);
                assertTrue(String.valueOf(failure.getMessage()).contains("every process needs a rank of its own"));
            }
        }
    }

    @Test
    void shouldTellEveryRankOfAnotherWorldSizeOrFingerprint() throws Exception {
        try (RendezvousHost host = host(3, LONG_NS, null)) {
            TcpRendezvous early = TcpRendezvous.join(rank(host, 0, 3));
            assertReason(Reason.WORLD_SIZE, failures(List.of(rank(host, 1, 4))).get(0));
            assertReason(Reason.WORLD_SIZE, assertThrows(RendezvousException.class, () -> early.allGather("x")));
            early.close();
        }
        try (RendezvousHost host = host(3, LONG_NS, null)) {
            TcpRendezvous early = TcpRendezvous.join(rank(host, 0, 3).fingerprint("a"));
            assertReason(
                    Reason.FINGERPRINT,
                    failures(List.of(rank(host, 1, 3).fingerprint("b"))).get(0));
            assertReason(Reason.FINGERPRINT, assertThrows(RendezvousException.class, () -> early.allGather("x")));
            early.close();
        }
    }

    @Test
    void shouldTellARankOfAnotherGenerationAndTheOthersWhyTheyWaitInVain() throws Exception {
        try (RendezvousHost host = host(2, SHORT_NS, null)) {
            TcpRendezvous.Context old = rank(host, 1, 2).group(new ProcessGroup(1, 2, 3));
            List<Throwable> failures = failures(List.of(rank(host, 0, 2), old));
            assertReason(Reason.GENERATION, failures.get(1));
            CollectiveTimeoutException timeout = assertInstanceOf(CollectiveTimeoutException.class, failures.get(0));
            assertEquals(1, timeout.missingRank());
            assertTrue(String.valueOf(timeout.getMessage()).contains("rank 1 of 2 did not join"), timeout.getMessage());
        }
    }

    @Test
    void shouldRefuseWithTheRemedyWhereTheAddressIsOfNoUse() throws Exception {
        RendezvousException unknown =
                assertThrows(RendezvousException.class, () -> TcpRendezvous.join(rank("no-such-host.invalid:7", 0, 2)));
        assertReason(Reason.UNKNOWN_HOST, unknown);
        assertThrows(IllegalArgumentException.class, () -> TcpRendezvous.join(rank("no port", 0, 2)));
        assertReason(
                Reason.UNKNOWN_HOST,
                assertThrows(
                        RendezvousException.class,
                        () -> RendezvousHost.listen(new RendezvousHost.Context().bindAddress("no-such-host.invalid"))));
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RendezvousException inUse = assertThrows(
                    RendezvousException.class,
                    () -> RendezvousHost.listen(new RendezvousHost.Context().port(taken.getLocalPort())));
            assertReason(Reason.PORT_IN_USE, inUse);
            assertTrue(String.valueOf(inUse.getMessage()).contains("or 0 for any"), inUse.getMessage());
            RendezvousException silent = assertThrows(
                    RendezvousException.class,
                    () -> TcpRendezvous.join(
                            rank("127.0.0.1:" + taken.getLocalPort(), 0, 2).timeoutNs(SHORT_NS)));
            assertReason(Reason.UNREACHABLE, silent);
            assertTrue(String.valueOf(silent.getMessage()).contains("its greeting"), silent.getMessage());
        }
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        assertReason(
                Reason.UNREACHABLE,
                assertThrows(
                        RendezvousException.class,
                        () -> TcpRendezvous.join(
                                rank("127.0.0.1:" + nobody, 0, 2).timeoutNs(SHORT_NS))));
    }

    @Test
    void shouldSayWhatIsWrongWhereSomethingElseListens() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Future<Integer> answering = threads.submit(() -> {
                try (Socket socket = other.accept();
                        OutputStream out = socket.getOutputStream()) {
                    out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    return socket.getInputStream().readAllBytes().length;
                }
            });
            RendezvousException refusal = assertThrows(
                    RendezvousException.class,
                    () -> TcpRendezvous.join(rank("127.0.0.1:" + other.getLocalPort(), 0, 2)));
            assertReason(Reason.PROTOCOL, refusal);
            assertTrue(answering.get(120, TimeUnit.SECONDS) > 0, "the rank said something");
            assertTrue(String.valueOf(refusal.getMessage()).contains("is no rendezvous"), refusal.getMessage());
        }
    }

    @Test
    void shouldTurnAwayWrongAndMissingSecretsWithoutHarmToTheOthers() throws Exception {
        try (RendezvousHost host = host(2, LONG_NS, SECRET)) {
            TcpRendezvous early = TcpRendezvous.join(rank(host, 0, 2).secret(SECRET));
            List<Throwable> failures =
                    failures(List.of(rank(host, 1, 2), rank(host, 1, 2).secret(secret("another secret, as long"))));
            assertReason(Reason.SECRET_MISSING, failures.get(0));
            assertReason(Reason.SECRET_WRONG, failures.get(1));
            assertEquals(2, host.strangers());
            Future<String[]> waiting = threads.submit(() -> early.allGather("0"));
            assertArrayEquals(new String[] {"0", "1"}, meetOnce(rank(host, 1, 2).secret(SECRET), "1"));
            assertArrayEquals(new String[] {"0", "1"}, waiting.get(120, TimeUnit.SECONDS));
            early.close();
        }
        try (RendezvousHost host = host(2, LONG_NS, null)) {
            assertReason(
                    Reason.SECRET_MISSING,
                    failures(List.of(rank(host, 0, 2).secret(SECRET))).get(0));
        }
    }

    @Test
    void shouldMeetAmongStrangersThatAreSilentOrTalkNonsense() throws Exception {
        Random random = new Random(5);
        List<Socket> strangers = new ArrayList<>();
        try (RendezvousHost host = host(2, LONG_NS, null)) {
            int port = Integer.parseInt(host.address().substring(host.address().lastIndexOf(':') + 1));
            for (int i = 0; i < 20; i++) {
                Socket stranger = new Socket();
                stranger.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                byte[] nonsense = new byte[100 * i];
                random.nextBytes(nonsense);
                stranger.getOutputStream().write(nonsense);
                strangers.add(stranger);
            }
            List<Callable<String[]>> tasks =
                    List.of(() -> meetOnce(rank(host, 0, 2), "0"), () -> meetOnce(rank(host, 1, 2), "1"));
            for (String[] lines : all(tasks)) {
                assertArrayEquals(new String[] {"0", "1"}, lines);
            }
        }
        for (Socket stranger : strangers) {
            stranger.close();
        }
    }

    @Test
    void shouldFormTheNextGenerationOfThoseWhoAreLeft() throws Exception {
        try (RendezvousHost host = host(3, LONG_NS, SECRET)) {
            List<TcpRendezvous> ranks = new ArrayList<>();
            for (int rank = 0; rank < 3; rank++) {
                ranks.add(TcpRendezvous.join(rank(host, rank, 3).secret(SECRET)));
            }
            Future<String[]> waiting = threads.submit(() -> ranks.get(2).allGather("x"));
            Thread.sleep(50);
            ranks.get(1).close();
            Throwable lost = assertThrows(ExecutionException.class, () -> waiting.get(120, TimeUnit.SECONDS))
                    .getCause();
            assertEquals(1, assertInstanceOf(PeerLostException.class, lost).lostRank());
            List<ProcessGroup> groups =
                    all(List.of(() -> ranks.get(0).next(), () -> ranks.get(2).next()));
            assertEquals(List.of(new ProcessGroup(0, 2, 1), new ProcessGroup(1, 2, 1)), groups);
            List<Callable<String[]>> meeting = List.of(
                    () -> ranks.get(0).allGather("a"), () -> ranks.get(2).allGather("b"));
            for (String[] lines : all(meeting)) {
                assertArrayEquals(new String[] {"a", "b"}, lines);
            }
            assertEquals(1, host.generation());
            assertEquals(2, host.worldSize());
            ranks.forEach(TcpRendezvous::close);
        }
    }

    @Test
    void shouldEndTheWaitsOfAllWhenTheHostIsClosed() throws Exception {
        RendezvousHost host = host(2, LONG_NS, null);
        TcpRendezvous rank = TcpRendezvous.join(rank(host, 0, 2));
        Future<String[]> waiting = threads.submit(() -> rank.allGather("x"));
        host.close();
        Throwable end = assertThrows(ExecutionException.class, () -> waiting.get(120, TimeUnit.SECONDS))
                .getCause();
        assertTrue(
                List.of(Reason.CLOSED, Reason.UNREACHABLE)
                        .contains(
                                assertInstanceOf(RendezvousException.class, end).reason()),
                end::toString);
        rank.close();
        host.close();
    }

    @Test
    void shouldNoticeAnInterrupt() throws Exception {
        try (RendezvousHost host = host(2, LONG_NS, null);
                TcpRendezvous rank = TcpRendezvous.join(rank(host, 0, 2))) {
            Thread.currentThread().interrupt();
            CollectiveException end = assertThrows(CollectiveException.class, () -> rank.allGather("x"));
            assertTrue(Thread.interrupted(), end::toString);
        }
    }
}
