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
import org.dl4jscape.core.exchange.TransportSelection;

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
        String transport = args[3];
        Map<String, String> properties = transport.equals("tcp")
                ? Map.of()
                : Map.of("directory", folder.resolve("driver").toString());
        CollectivesOptions options = new CollectivesOptions(30_000_000_000L, "127.0.0.1", properties);
        try (Collectives collectives = TransportSelection.byName(transport)
                .connect(ProcessGroup.of(rank, worldSize), meeting(folder, rank, worldSize), options)) {
            exchange(collectives, folder.resolve("running-" + rank));
        }
        System.exit(3);
    }

    /** Prints when and why it ended, before the farewell. */
    private static void exchange(Collectives collectives, Path running) throws IOException {
        try {
            float[] values = new float[1000];
            for (int round = 0; true; round++) {
                collectives.broadcast(values, round % collectives.group().worldSize());
                collectives.barrier();
                if (round == 10) {
                    Files.createFile(running);
                }
            }
        } catch (CollectiveException e) {
            System.out.println(System.currentTimeMillis() + " " + e.getClass().getSimpleName() + " " + e.getMessage());
            System.out.flush();
        }
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
