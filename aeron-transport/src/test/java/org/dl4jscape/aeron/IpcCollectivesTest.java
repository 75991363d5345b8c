package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by shared memory. */
class IpcCollectivesTest extends CollectivesContract {
    @TempDir
    Path folder;

    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        return LoopbackGroup.connect(worldSize, rank -> ipc().timeoutNs(timeoutNs));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT / Float.BYTES + 30_001;
    }

    @Test
    void shouldLeaveNoFolderBehindWhoeverLeavesFirst() throws Exception {
        for (int first = 0; first < 3; first++) {
            List<Collectives> ranks = LoopbackGroup.connect(3, rank -> ipc().directory(folder.toString()));
            assertEquals(3, folders());
            int early = first;
            onEachRank(ranks, rank -> {
                rank.barrier();
                if (rank.group().rank() != early) {
                    Thread.sleep(50);
                }
                rank.close();
            });
            assertEquals(0, folders());
        }
    }

    @Test
    void shouldRefuseARankOfAnotherMachine() {
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> LoopbackGroup.connect(2, rank -> ipc().hostId("machine-" + rank)));
        String message = String.valueOf(
                assertInstanceOf(CollectiveException.class, failed.getCause()).getMessage());
        assertTrue(
                message.contains("rank 1 (127.0.0.1, host machine-1) is not on the machine of rank 0")
                        && message.contains("tcp where UDP is blocked"),
                message);
    }

    @Test
    void shouldRefuseAFolderThatIsNotShared() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        List<Collectives> group = LoopbackGroup.connect(1, rank -> ipc());
        group.get(0).close();
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> new PeerDriver(1, other.toString()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("driver folder " + other + " of rank 1"));
    }

    private static AeronTransport.Context ipc() {
        return new AeronTransport.Context().ways(AeronTransport.Ways.IPC);
    }

    private long folders() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
