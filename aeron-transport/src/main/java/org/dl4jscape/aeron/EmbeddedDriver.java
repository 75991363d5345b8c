package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * The media driver of one rank and its only client, in a folder of their own that ends with them.
 *
 * <p>One driver per rank and not per JVM: each is driven by the exchange thread of its rank, so that ranks of one JVM
 * share no state, and no hand-over between threads lies between a message and its datagram. Confined to the exchange
 * thread.
 */
final class EmbeddedDriver implements AutoCloseable {
    private static final int INVOCATIONS_MAX = 16;
    private static final int UNUSED_WINDOW_LENGTH = 16 * 1024;
    private static final long DRIVER_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(30);

    private final File directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final boolean invoked;

    /**
     * Starts both.
     *
     * @param context concluded settings
     * @param receiveBufferLength what the system grants per socket; 0: what it gives unasked
     * @param errorHandler told of what goes wrong inside Aeron
     */
    EmbeddedDriver(AeronTransport.Context context, int receiveBufferLength, ErrorHandler errorHandler) {
        DriverFolders folders = new DriverFolders(Path.of(context.directory()));
        folders.sweep();
        directory = folders.next().toFile();
        invoked = context.driverThreading() == AeronTransport.DriverThreading.INVOKER;
        MediaDriver launched = null;
        try {
            launched = MediaDriver.launch(
                    driverContext(context, receiveBufferLength).errorHandler(errorHandler));
            aeron = connect(launched, errorHandler);
        } catch (RuntimeException | Error e) {
            CloseHelper.quietClose(launched);
            IoUtil.delete(directory, true);
            throw e;
        }
        driver = launched;
    }

    private Aeron connect(MediaDriver launched, ErrorHandler errorHandler) {
        Aeron.Context client = new Aeron.Context()
                .aeronDirectoryName(directory.getPath())
                .useConductorAgentInvoker(true)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                .errorHandler(errorHandler);
        if (invoked) {
            client.driverAgentInvoker(launched.sharedAgentInvoker());
        }
        return Aeron.connect(client.clientLock(new ReentrantLock()));
    }

    private MediaDriver.Context driverContext(AeronTransport.Context context, int receiveBufferLength) {
        long liveness = 2 * context.peerLivenessTimeoutNs();
        boolean udp = context.ways() != AeronTransport.Ways.IPC;
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.getPath())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .threadingMode(invoked ? ThreadingMode.INVOKER : ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(10, 5, 1_000, context.maxParkNs()))
                .mtuLength(udp ? context.mtuLength() : Configuration.MTU_LENGTH_DEFAULT)
                .publicationTermBufferLength(context.termBufferLength())
                .ipcTermBufferLength(context.termBufferLength())
                .termBufferSparseFile(true)
                .initialWindowLength(udp ? context.initialWindowLength() : UNUSED_WINDOW_LENGTH)
                .socketRcvbufLength(receiveBufferLength)
                .socketSndbufLength(receiveBufferLength)
                .imageLivenessTimeoutNs(Math.max(TimeUnit.SECONDS.toNanos(10), liveness))
                .publicationConnectionTimeoutNs(Math.max(TimeUnit.SECONDS.toNanos(5), liveness))
                .publicationLingerTimeoutNs(TimeUnit.SECONDS.toNanos(1));
    }

    /** Its folder. */
    String directory() {
        return directory.getPath();
    }

    Aeron aeron() {
        return aeron;
    }

    /** Lets the client, and the driver where no thread of its own runs it, do what there is to do. */
    int invoke() {
        int work = aeron.conductorAgentInvoker().invoke();
        if (invoked) {
            for (int i = 0; i < INVOCATIONS_MAX; i++) {
                int done = driver.sharedAgentInvoker().invoke();
                work += done;
                if (done == 0) {
                    break;
                }
            }
        }
        return work;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
        IoUtil.delete(directory, true);
    }
}
