package org.dl4jscape.aeron;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * One rank in a JVM of its own: broadcasts in a loop until it fails, then prints why and ends with status 3. The ranks
 * meet through files.
 */
final class RankProcess {
    private static final long MEETING_LIMIT_MS = 30_000;

    private RankProcess() {}

    public static void main(String[] args) throws Exception {
        int rank = Integer.parseInt(args[0]);
        int worldSize = Integer.parseInt(args[1]);
        Path folder = Path.of(args[2]);
        CollectivesOptions options = new CollectivesOptions(
                30_000_000_000L,
                "127.0.0.1",
                Map.of(
                        "peerLivenessTimeoutNs",
                        "1s",
                        "directory",
                        folder.resolve("driver").toString()));
        try (Collectives collectives = new AeronCollectivesProvider()
                .connect(ProcessGroup.of(rank, worldSize), meeting(folder, rank, worldSize), options)) {
            float[] values = new float[1000];
            for (int round = 0; true; round++) {
                collectives.broadcast(values, round % worldSize);
                collectives.barrier();
                if (round == 10) {
                    Files.createFile(folder.resolve("running-" + rank));
                }
            }
        } catch (CollectiveException e) {
            System.out.println(e.getMessage());
            System.out.flush();
        }
        System.exit(3);
    }

    private static Rendezvous meeting(Path folder, int rank, int worldSize) {
        return line -> {
            try {
                Path draft = Files.writeString(folder.resolve("draft-" + rank), line);
                Files.move(draft, folder.resolve("line-" + rank), StandardCopyOption.ATOMIC_MOVE);
                String[] lines = new String[worldSize];
                for (int other = 0; other < worldSize; other++) {
                    lines[other] = read(folder.resolve("line-" + other));
                }
                return lines;
            } catch (IOException | InterruptedException e) {
                throw new CollectiveException("the meeting failed", e);
            }
        };
    }

    private static String read(Path path) throws IOException, InterruptedException {
        for (long waited = 0; !Files.exists(path); waited += 10) {
            if (waited > MEETING_LIMIT_MS) {
                throw new IOException(path + " did not appear");
            }
            Thread.sleep(10);
        }
        return Files.readString(path);
    }
}
