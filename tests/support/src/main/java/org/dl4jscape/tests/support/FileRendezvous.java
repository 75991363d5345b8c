package org.dl4jscape.tests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * Where processes of one machine meet: each writes its line into a file of one folder and reads those of the others.
 *
 * <p>Belongs to one thread of one rank. A file appears whole or not at all. Every wait ends at the deadline.
 */
public final class FileRendezvous implements Rendezvous {
    private static final long POLL_MS = 5;

    private final Path folder;
    private final int rank;
    private final int worldSize;
    private final Duration timeout;
    private int meeting;

    /**
     * For one rank.
     *
     * @param folder exists, is the same for all ranks and was not used by another group
     * @param rank of this process
     * @param worldSize number of processes
     * @param timeout deadline of each meeting
     */
    public FileRendezvous(Path folder, int rank, int worldSize, Duration timeout) {
        this.folder = folder;
        this.rank = rank;
        this.worldSize = worldSize;
        this.timeout = timeout;
    }

    /**
     * The lines of all ranks.
     *
     * @throws CollectiveTimeoutException naming the rank whose line does not appear
     */
    @Override
    public String[] allGather(String line) {
        String name = "meeting-" + meeting++ + "-of-rank-";
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        try {
            Path draft = Files.writeString(folder.resolve("draft-" + name + rank), line);
            Files.move(draft, folder.resolve(name + rank), StandardCopyOption.ATOMIC_MOVE);
            String[] lines = new String[worldSize];
            for (int other = 0; other < worldSize; other++) {
                lines[other] = read(folder.resolve(name + other), other, deadlineNs);
            }
            return lines;
        } catch (IOException e) {
            throw new CollectiveException("rank " + rank + " could not meet the others in " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectiveException("rank " + rank + " was interrupted while it met the others", e);
        }
    }

    private String read(Path path, int other, long deadlineNs) throws IOException, InterruptedException {
        while (!Files.exists(path)) {
            if (System.nanoTime() > deadlineNs) {
                throw new CollectiveTimeoutException(
                        other, "rank " + other + " of " + worldSize + " did not write " + path + " within " + timeout);
            }
            Thread.sleep(POLL_MS);
        }
        return Files.readString(path);
    }
}
