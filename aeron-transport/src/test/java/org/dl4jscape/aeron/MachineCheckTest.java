package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineCheckTest {
    @TempDir
    Path folder;

    @Test
    void shouldRefuseAFolderWithoutRoomAndSayTheRemedy() {
        AeronTransport.Context context = new AeronTransport.Context()
                .directory(folder.toString())
                .termBufferLength(1 << 30)
                .conclude();
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> new MachineCheck(context).sharedMemory(1_000_000, 1));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("bytes free") && message.contains("--shm-size"), message);
    }

    @Test
    void shouldCountTheRanksThatShareTheFolder() throws Exception {
        AeronTransport.Context context =
                new AeronTransport.Context().directory(folder.toString()).conclude();
        MachineCheck machine = new MachineCheck(context);
        long free = Files.getFileStore(folder).getUsableSpace();
        int tooMany = (int) (free / context.sharedMemoryBytes(2)) + 1;
        machine.sharedMemory(2, 1);
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> machine.sharedMemory(2, 4 * tooMany));
        assertTrue(
                String.valueOf(refusal.getMessage()).contains("for " + 4 * tooMany + " of 2 ranks"),
                refusal.toString());
    }

    @Test
    void shouldCountTheLogsOfEveryRankOfThisMachineBeforeTheStart() {
        CollectivesOptions options = new CollectivesOptions(1, "127.0.0.1", Map.of("directory", folder.toString()));
        AeronCollectivesProvider provider = new AeronCollectivesProvider();
        provider.check(2, 2, options);
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> provider.check(20_000, 20_000, options));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("for 20000 of 20000 ranks"), message);
    }

    @Test
    void shouldRefuseAFolderThatIsNotThere() {
        AeronTransport.Context context = new AeronTransport.Context()
                .directory(folder.resolve("absent").toString())
                .conclude();
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> new MachineCheck(context).sharedMemory(2, 2));
        assertTrue(String.valueOf(refusal.getMessage()).contains("absent"), refusal.toString());
    }

    @Test
    void shouldRefuseAWindowThatTheSystemGrantsNoBufferFor() {
        AeronTransport.Context context = new AeronTransport.Context()
                .termBufferLength(1 << 30)
                .initialWindowLength(1 << 29)
                .conclude();
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> new MachineCheck(context).socketReceiveBuffer());
        assertTrue(String.valueOf(refusal.getMessage()).contains("net.core.rmem_max"), refusal.toString());
    }
}
