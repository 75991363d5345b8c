package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

/** One rank fails: all end, the cause is what is thrown, and no thread is left. */
class ScapeTrainerFailureTest {
    private static final List<DataSet> DATA = Networks.batches(12, 8, 121);

    @AfterEach
    void shouldLeaveNoThread() {
        assertEquals(
                List.of(),
                Thread.getAllStackTraces().keySet().stream()
                        .filter(Thread::isAlive)
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("scape-rank"))
                        .toList());
    }

    private static ScapeTrainer.Builder builder() {
        return ScapeTrainer.builder().ranks(3).config(Parity.DENSE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldThrowWhatAListenerOfOneRankHasThrown(int failing) {
        ScapeTrainer trainer = builder()
                .listeners(rank -> List.of(stats -> {
                    if (rank == failing && stats.step() == 2) {
                        throw new IllegalStateException("the disk is full");
                    }
                }))
                .build();
        var failure = assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(Networks.multiLayer(new AdamS(1e-3)), epoch -> DATA.iterator(), 1));
        assertEquals("the disk is full", failure.getMessage());
        assertEquals(2, failure.getSuppressed().length, "what the other ranks said");
        for (Throwable echo : failure.getSuppressed()) {
            assertEquals("rank " + failing + " aborted: the disk is full", echo.getMessage());
        }
    }

    @Test
    void shouldThrowWhatFailsBeforeTheFirstStepOfOneRank() {
        ScapeTrainer trainer = builder()
                .listeners(rank -> {
                    if (rank == 2) {
                        throw new IllegalStateException("no listener for rank 2");
                    }
                    return List.of();
                })
                .build();
        var failure = assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(Networks.graph(new AdamS(1e-3)), epoch -> DATA.iterator(), 1));
        assertEquals("no listener for rank 2", failure.getMessage());
    }

    @Test
    void shouldEndOnAnErrorToo() {
        ScapeTrainer trainer = builder()
                .listeners(rank -> List.of(stats -> {
                    if (rank == 1) {
                        throw new StackOverflowError("too deep");
                    }
                }))
                .build();
        var failure = assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(Networks.graph(new AdamS(1e-3)), epoch -> DATA.iterator(), 1));
        assertInstanceOf(StackOverflowError.class, failure.getCause());
        assertEquals("java.lang.StackOverflowError: too deep", failure.getMessage());
    }

    @Test
    void shouldThrowWhatTheDataHasThrown() {
        Iterator<DataSet> torn = Stream.concat(DATA.stream().limit(4), Stream.generate(() -> {
                    throw new IllegalStateException("the file ends in the middle of a batch");
                }))
                .map(DataSet.class::cast)
                .iterator();
        var failure = assertThrows(
                IllegalStateException.class,
                () -> builder().build().fit(Networks.multiLayer(new AdamS(1e-3)), epoch -> torn, 1));
        assertEquals("the file ends in the middle of a batch", failure.getMessage());
    }

    /** Rank 1 never comes to its first step: the others name it when the deadline is over, and rank 1 is interrupted. */
    @Test
    void shouldNameTheRankThatDoesNotCome() {
        CountDownLatch never = new CountDownLatch(1);
        ScapeTrainer trainer = builder()
                .timeout(Duration.ofMillis(300))
                .listeners(rank -> List.of(stats -> {
                    if (rank == 1) {
                        block(never);
                    }
                }))
                .build();
        var failure = assertThrows(
                CollectiveTimeoutException.class,
                () -> trainer.fit(Networks.multiLayer(new AdamS(1e-3)), epoch -> DATA.iterator(), 1));
        assertEquals(1, failure.missingRank());
        assertTrue(
                failure.getMessage().startsWith("rank 1 of 3 did not come to CONTROL all-gather within 300 ms"),
                failure.getMessage());
    }

    private static void block(CountDownLatch never) {
        try {
            assertTrue(never.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldEndWhenTheCallerIsInterrupted() throws Exception {
        CountDownLatch training = new CountDownLatch(1);
        ScapeTrainer trainer = builder()
                .listeners(rank -> List.of(stats -> training.countDown()))
                .build();
        Throwable[] thrown = new Throwable[1];
        Thread caller = new Thread(() -> {
            try {
                trainer.fit(
                        Networks.multiLayer(new AdamS(1e-3)),
                        epoch -> Stream.generate(() -> DATA.get(0)).iterator(),
                        1);
            } catch (RuntimeException e) {
                thrown[0] = e;
            }
        });
        caller.start();
        assertTrue(training.await(60, TimeUnit.SECONDS));
        caller.interrupt();
        caller.join(60_000);
        assertEquals("training was interrupted", thrown[0].getMessage());
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertEquals(
                "ranks=0 (expected: >= 1)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> builder().ranks(0).build())
                        .getMessage());
        assertEquals(
                "timeout=PT0S (expected: > 0)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> builder().timeout(Duration.ZERO).build())
                        .getMessage());
        assertEquals(
                "epochs=0 (expected: >= 1)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> builder().build().fit(Networks.graph(new AdamS()), epoch -> DATA.iterator(), 0))
                        .getMessage());
        var transport = assertThrows(IllegalArgumentException.class, () -> builder()
                .transport("pigeon")
                .build()
                .fit(Networks.graph(new AdamS()), epoch -> DATA.iterator(), 1));
        assertTrue(
                transport.getMessage().startsWith("transport=pigeon (expected: one of [inprocess"),
                transport.getMessage());
        var kernels = assertThrows(IllegalArgumentException.class, () -> builder()
                .kernels("abacus")
                .build()
                .fit(Networks.graph(new AdamS()), epoch -> DATA.iterator(), 1));
        assertTrue(kernels.getMessage().startsWith("kernels=abacus (expected: "), kernels.getMessage());
    }
}
