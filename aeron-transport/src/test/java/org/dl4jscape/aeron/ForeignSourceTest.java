package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.dl4jscape.aeron.exchange.DropReason;
import org.dl4jscape.aeron.exchange.FrameHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender on the loopback interface that has overheard port, stream and session of a rank. */
class ForeignSourceTest {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int STREAM = 7;

    @TempDir
    Path folder;

    private MediaDriver driver;
    private Aeron aeron;
    private Subscription in;
    private ExclusivePublication out;

    /** What becomes of the frames. */
    private static final class Seen implements FrameHandler {
        private final List<DropReason> dropped = new ArrayList<>();
        private int frames;

        @Override
        public boolean onFrame(DirectBuffer buffer, int offset, int length) {
            frames++;
            return true;
        }

        @Override
        public void onDropped(DropReason reason) {
            dropped.add(reason);
        }
    }

    @BeforeEach
    void send() {
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(folder.resolve("driver").toString())
                .threadingMode(ThreadingMode.SHARED)
                .publicationTermBufferLength(64 * 1024)
                .dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        in = aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0|session-id=5", STREAM);
        await(() -> in.tryResolveChannelEndpointPort() != null);
        String door = Objects.requireNonNull(in.tryResolveChannelEndpointPort());
        out = aeron.addExclusivePublication(door.contains("session-id") ? door : door + "|session-id=5", STREAM);
        await(() -> out.offer(new UnsafeBuffer(new byte[64])) > 0);
    }

    @AfterEach
    void close() {
        aeron.close();
        driver.close();
    }

    private static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < untilNs, "waited in vain");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private Seen receiveAsIfFrom(String host) {
        AeronRoute route = new AeronRoute(1, (rank, how) -> {}, FrameTag.checksum(), FrameTag.checksum());
        route.receiveByUdp(in, SourceAddress.ofHost(host), 1408);
        Seen seen = new Seen();
        await(() -> route.poll(seen, 10) > 0);
        assertEquals(0, seen.frames);
        return seen;
    }

    @Test
    void shouldDropFramesThatComeFromAnotherAddressThanThePeers() {
        assertEquals(List.of(DropReason.SOURCE), receiveAsIfFrom("192.0.2.7").dropped);
    }

    @Test
    void shouldLookAtTheFramesThatComeFromThePeer() {
        assertEquals(List.of(DropReason.CHECKSUM), receiveAsIfFrom("127.0.0.1").dropped);
    }
}
