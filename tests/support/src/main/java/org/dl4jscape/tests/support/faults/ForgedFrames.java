package org.dl4jscape.tests.support.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What somebody who is not in the group may send to its sockets: offers of streams, and nonsense. It knows the ports and, as
 * if it had overheard them, the stream ids; the session ids it does not know. Used by one thread.
 */
public final class ForgedFrames implements AutoCloseable {
    private static final int SETUP_LENGTH = 40;
    private static final int SETUP = 5;
    private static final int TYPES = 8;
    private static final int LONGEST = 1400;
    private static final int BURST = 64;

    private final List<Target> targets;
    private final SplittableRandom random;
    private final DatagramChannel channel;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private long sent;

    /** One socket of a rank, on the loopback interface, and the stream that it listens to. */
    public record Target(int port, int streamId) {}

    /** Sends nothing yet. */
    public ForgedFrames(List<Target> targets, long seed) throws IOException {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets is empty (expected: at least one socket)");
        }
        this.targets = List.copyOf(targets);
        random = new SplittableRandom(seed);
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Datagrams sent so far. */
    public long sent() {
        return sent;
    }

    /** Well-formed offers of streams with terms of a gigabyte, each of another session. */
    public void offerStreams(int count, int perSecond) throws IOException {
        for (int i = 0; i < count; i++) {
            Target target = targets.get(i % targets.size());
            int termId = random.nextInt();
            frame.clear();
            header(SETUP_LENGTH, SETUP, target);
            frame.putInt(20, termId)
                    .putInt(24, termId)
                    .putInt(28, 1 << 30)
                    .putInt(32, 1408)
                    .putInt(36, 0);
            frame.position(0).limit(SETUP_LENGTH);
            send(target, i, perSecond);
        }
    }

    /** Frames of every type with wrong contents, truncated ones, and random bytes. */
    public void sendNonsense(int count, int perSecond) throws IOException {
        for (int i = 0; i < count; i++) {
            Target target = targets.get(i % targets.size());
            int length = random.nextInt(LONGEST) + 1;
            frame.clear();
            for (int at = 0; at + 8 <= LONGEST && at < length; at += 8) {
                frame.putLong(at, random.nextLong());
            }
            int form = random.nextInt(3);
            if (form > 0) {
                header(form == 1 ? length : random.nextInt(), random.nextInt(TYPES), target);
            }
            frame.position(0).limit(length);
            send(target, i, perSecond);
        }
    }

    private void header(int frameLength, int type, Target target) {
        frame.putInt(0, frameLength);
        frame.put(4, (byte) 0).put(5, (byte) random.nextInt(256)).putShort(6, (short) type);
        frame.putInt(8, random.nextInt() & ~31).putInt(12, random.nextInt()).putInt(16, target.streamId());
    }

    private void send(Target target, int number, int perSecond) throws IOException {
        channel.send(frame, new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
        sent++;
        if (number % BURST == BURST - 1) {
            LockSupport.parkNanos(BURST * 1_000_000_000L / perSecond);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
