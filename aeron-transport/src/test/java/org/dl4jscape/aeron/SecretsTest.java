package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.dl4jscape.aeron.security.SecretMismatchException;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.ThreadRendezvous;
import org.dl4jscape.core.exchange.TransportSelection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that share a secret, and ranks that do not. */
class SecretsTest {
    private static final String WORDS = "correct horse battery staple";
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Connects two ranks, each with properties of its own; what they say to each other is rewritten. */
    private List<Future<Collectives>> connect(
            String transport, List<Map<String, String>> properties, UnaryOperator<String> rewriting) throws Exception {
        ThreadRendezvous meeting = new ThreadRendezvous(2, LIMIT_NS);
        List<Future<Collectives>> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            ProcessGroup group = ProcessGroup.of(rank, 2);
            Map<String, String> own = new HashMap<>(properties.get(rank));
            if (!transport.equals("tcp")) {
                own.put("directory", folder.toString());
            }
            ranks.add(threads.submit(() -> TransportSelection.byName(transport)
                    .connect(
                            group,
                            line -> {
                                lines.add(line);
                                return meeting.of(group.rank()).allGather(rewriting.apply(line));
                            },
                            new CollectivesOptions(LIMIT_NS, "127.0.0.1", own))));
        }
        return ranks;
    }

    private Map<String, String> secret(String words) throws Exception {
        return Map.of("secretFile", SecuredContract.secretFile(folder, words));
    }

    private static List<CollectiveException> failures(List<Future<Collectives>> ranks) {
        List<CollectiveException> failures = new ArrayList<>();
        for (Future<Collectives> rank : ranks) {
            Throwable cause = assertThrows(ExecutionException.class, () -> rank.get(2, TimeUnit.MINUTES))
                    .getCause();
            failures.add(assertInstanceOf(CollectiveException.class, cause));
        }
        return failures;
    }

    private static void assertMismatch(int other, CollectiveException failure, String expected) {
        assertEquals(
                other, assertInstanceOf(SecretMismatchException.class, failure).rank());
        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure::getMessage);
        assertTrue(String.valueOf(failure.getMessage()).contains("set the same secretFile"), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc", "tcp"})
    void shouldTellBothThatTheirSecretsDiffer(String transport) throws Exception {
        List<CollectiveException> failures =
                failures(connect(transport, List.of(secret(WORDS), secret("another secret, as long")), line -> line));
        assertMismatch(1, failures.get(0), "rank 1 has another secret than rank 0");
        assertMismatch(0, failures.get(1), "rank 0 has another secret than rank 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "ipc", "tcp"})
    void shouldTellBothThatOneHasNoSecret(String transport) throws Exception {
        List<CollectiveException> failures =
                failures(connect(transport, List.of(secret(WORDS), Map.of()), line -> line));
        assertMismatch(1, failures.get(0), "rank 0 has a secret and rank 1 none");
        assertMismatch(0, failures.get(1), "rank 0 has a secret and rank 1 none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "tcp"})
    void shouldNoticeThatAnAddressWasChangedOnItsWay(String transport) throws Exception {
        Map<String, String> same = secret(WORDS);
        List<CollectiveException> failures = failures(connect(
                transport,
                List.of(same, same),
                line -> line.startsWith("scape-" + transport + "/") && line.split(" ", -1)[1].equals("1")
                        ? line.replace("127.0.0.1", "127.0.0.9")
                        : line));
        assertMismatch(1, failures.get(0), "or what ranks announced was changed on its way");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "tcp"})
    void shouldRefuseRanksThatCheckFramesDifferently(String transport) throws Exception {
        Map<String, String> hmac = new HashMap<>(secret(WORDS));
        hmac.put("frameCheck", "hmac");
        List<CollectiveException> failures = failures(connect(transport, List.of(hmac, secret(WORDS)), line -> line));
        assertTrue(
                failures.stream().anyMatch(failure -> String.valueOf(failure.getMessage())
                        .contains("frameCheck=hmac")),
                failures::toString);
    }

    @Test
    void shouldAnnounceNeitherSessionsNorStreamsNorTheSecret() throws Exception {
        Map<String, String> same = secret(WORDS);
        List<Future<Collectives>> ranks = connect("aeron", List.of(same, same), line -> line);
        List<Future<?>> leaving = new ArrayList<>();
        for (Future<Collectives> rank : ranks) {
            Collectives collectives = rank.get(2, TimeUnit.MINUTES);
            assertFalse(collectives.toString().contains(WORDS));
            leaving.add(threads.submit(collectives::close));
        }
        for (Future<?> left : leaving) {
            left.get(2, TimeUnit.MINUTES);
        }
        List<String> endpoints =
                lines.stream().filter(line -> line.startsWith("scape-aeron/")).toList();
        assertEquals(2, endpoints.size());
        for (String endpoint : endpoints) {
            String[] fields = endpoint.split(" ", -1);
            assertEquals("0", fields[5]);
            for (String door : fields[9].split(",", -1)) {
                assertTrue(door.endsWith("/0"), endpoint);
            }
        }
        assertTrue(lines.stream().noneMatch(line -> line.contains(WORDS)));
        assertEquals(6, lines.size(), "nonces, endpoints, proofs");
        assertNotEquals(lines.get(4), lines.get(5), "a proof is that of one rank");
    }

    @Test
    void shouldNotShowTheSecretInTheContext() throws Exception {
        String text = new AeronTransport.Context()
                .secretFile(SecuredContract.secretFile(folder, WORDS))
                .conclude()
                .toString();
        assertTrue(text.contains("secret=set"), text);
        assertFalse(text.contains(WORDS), text);
    }

    @Test
    void shouldRefuseAnHmacWithoutASecret() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new AeronTransport.Context()
                        .frameCheck(org.dl4jscape.aeron.exchange.FrameCheck.HMAC)
                        .conclude());
        assertTrue(String.valueOf(refusal.getMessage()).contains("set secretFile"), refusal.getMessage());
    }
}
