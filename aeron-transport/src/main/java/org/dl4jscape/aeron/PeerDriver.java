package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.dl4jscape.core.exchange.CollectiveException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This rank as a client of the media driver of a peer on the same machine, through which it writes into that peer's
 * memory. Confined to the exchange thread, and never waits for the peer.
 */
final class PeerDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerDriver.class);
    private static final long DRIVER_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(30);

    private final Aeron aeron;

    /**
     * Attaches to a driver that runs.
     *
     * @param rank the peer, for messages
     * @param folder of its driver, as the peer told it
     */
    PeerDriver(int rank, String folder) {
        if (!Files.isReadable(Path.of(folder, CncFileDescriptor.CNC_FILE))) {
            throw new CollectiveException("the driver folder " + folder + " of rank " + rank
                    + " cannot be read here; ranks that exchange by shared memory must run as the same user and share"
                    + " that folder (docker run --ipc), otherwise use transport aeron or tcp");
        }
        try {
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(folder)
                    .useConductorAgentInvoker(true)
                    .clientLock(new ReentrantLock())
                    .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                    .errorHandler(error -> LOG.debug("the driver of rank {}: {}", rank, error.toString())));
        } catch (RuntimeException e) {
            throw new CollectiveException(
                    "the driver of rank " + rank + " in " + folder + " does not answer: " + e.getMessage(), e);
        }
    }

    Aeron aeron() {
        return aeron;
    }

    int invoke() {
        return aeron.conductorAgentInvoker().invoke();
    }

    @Override
    public void close() {
        aeron.close();
    }
}
