package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.RankAbortedException;
import org.dl4jscape.core.exchange.ThreadRendezvous;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rank whose training thread is interrupted leaves nothing on the machine, and tells the others. */
class InterruptedRankTest {
    private static final long LIMIT_MS = TimeUnit.SECONDS.toMillis(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(AeronTransport.Ways.class)
    void shouldLeaveNoFolderWhenItIsInterruptedWhileItConnects(AeronTransport.Ways ways) throws Exception {
        ThreadRendezvous nobodyElseComes = new ThreadRendezvous(2, TimeUnit.MINUTES.toNanos(5));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interruptKept = new AtomicReference<>(false);
        Thread rank = new Thread(() -> {
            try {
                AeronTransport.connect(ProcessGroup.of(0, 2), nobodyElseComes.of(0), context(ways));
            } catch (CollectiveException e) {
                thrown.set(e);
                interruptKept.set(Thread.currentThread().isInterrupted());
            }
        });
        rank.start();
        for (int waited = 0; folders() == 0 && waited < LIMIT_MS; waited++) {
            Thread.sleep(1);
        }
        assertEquals(1, folders(), "the driver must have started");
        rank.interrupt();
        rank.join(LIMIT_MS);
        assertFalse(rank.isAlive());
        assertInstanceOf(CollectiveException.class, thrown.get());
        assertTrue(interruptKept.get(), "the interrupt must be kept");
        assertEquals(0, folders());
    }

    @Test
    void shouldTellTheOthersAlthoughItIsStillInterruptedWhenItCloses() throws Exception {
        List<Collectives> ranks = LoopbackGroup.connect(2, rank -> context(AeronTransport.Ways.UDP));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try (Collectives other = ranks.get(1)) {
                other.barrier();
            } catch (CollectiveException e) {
                thrown.set(e);
            }
        });
        waiting.start();
        Thread interrupted = new Thread(() -> {
            ranks.get(0).abort("stop was pressed");
            Thread.currentThread().interrupt();
            ranks.get(0).close();
        });
        interrupted.start();
        for (Thread rank : List.of(interrupted, waiting)) {
            rank.join(LIMIT_MS);
            assertFalse(rank.isAlive());
        }
        RankAbortedException told = assertInstanceOf(RankAbortedException.class, thrown.get());
        assertTrue(String.valueOf(told.getMessage()).contains("stop was pressed"), told.getMessage());
        assertEquals(0, folders());
    }

    private AeronTransport.Context context(AeronTransport.Ways ways) {
        return new AeronTransport.Context().ways(ways).directory(folder.toString());
    }

    private long folders() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
