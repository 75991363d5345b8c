package org.dl4jscape.tests.benchmarks.rig;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * The other baseline: bytes through Aeron as it comes, to the next rank and from the one before, with its own defaults but for
 * one thread a driver, no busy waiting, and terms that fit into a small shared memory. What travels are as many bytes as a rank sends in a ring; nothing is added, checked
 * or watched.
 */
final class BareAeron implements Round {
    private static final int STREAM = 7;
    private static final int TERM_LENGTH = 2 * 1024 * 1024;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription in;
    private final ExclusivePublication out;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler counting;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 5, 1_000, 50_000);
    private final byte[] message;
    private final long bytes;
    private long received;
    private long expected;

    BareAeron(RigJob job, int rank, String address, Rendezvous meeting) {
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(
                        parent.resolve("scape-rig-" + ProcessHandle.current().pid())
                                .toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .publicationTermBufferLength(TERM_LENGTH)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(10, 5, 1_000, 50_000));
        driver = MediaDriver.launch(context);
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        in = aeron.addSubscription("aeron:udp?endpoint=" + address + ":0", STREAM);
        String port = null;
        long beganNs = System.nanoTime();
        while (port == null) {
            String resolved = in.tryResolveChannelEndpointPort();
            port = resolved == null ? null : resolved.replaceAll(".*:", "").replaceAll("\\|.*", "");
            await(beganNs, "a port");
        }
        String[] lines = meeting.allGather("bare " + address + " " + port);
        String[] next = lines[(rank + 1) % job.ranks()].split(" ", -1);
        out = aeron.addExclusivePublication("aeron:udp?endpoint=" + next[1] + ":" + next[2], STREAM);
        beganNs = System.nanoTime();
        while (!out.isConnected() || !in.isConnected()) {
            await(beganNs, "its neighbours");
        }
        bytes = 2L * (job.ranks() - 1) * job.bytes() / job.ranks();
        message = new byte[(int) Math.min(out.maxPayloadLength(), bytes)];
        counting = (buffer, offset, length, header) -> received += length;
    }

    private void await(long beganNs, String what) {
        if (System.nanoTime() - beganNs > LIMIT_NS) {
            throw new IllegalStateException("waited 60 s for " + what);
        }
        idle.idle(0);
    }

    @Override
    public long run() {
        long beganNs = System.nanoTime();
        expected += bytes;
        long left = bytes;
        while (left > 0 || received < expected) {
            int work = in.poll(counting, 64);
            for (int i = 0; i < 32 && left > 0; i++) {
                int length = (int) Math.min(message.length, left);
                long position = out.tryClaim(length, claim);
                if (position < 0) {
                    if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                        throw new IllegalStateException("the stream ended: " + position);
                    }
                    break;
                }
                claim.buffer().putBytes(claim.offset(), message, 0, length);
                claim.commit();
                left -= length;
                work++;
            }
            if (work > 0) {
                idle.reset();
            } else {
                await(beganNs, "the bytes of a round");
            }
        }
        return System.nanoTime() - beganNs;
    }

    @Override
    public void meet() {
        run();
    }

    /** The driver stays a moment: the last bytes may have to be sent again. */
    @Override
    public void close() {
        LockSupport.parkNanos(LINGER_NS);
        CloseHelper.quietCloseAll(aeron, driver);
    }
}
