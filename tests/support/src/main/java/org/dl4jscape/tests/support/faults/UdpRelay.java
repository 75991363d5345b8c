package org.dl4jscape.tests.support.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.tests.support.faults.FaultCounts.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Passes datagrams between a sender and a listener, both ways, with the faults of a plan.
 *
 * <p>One sender to a door: answers go to the address that sent last. The checksum of UDP is computed anew by the system, so a
 * flipped bit arrives. One thread does everything; the order of its random numbers follows the order of arrival.
 */
public final class UdpRelay implements Relay {
    private static final int BUFFER_LENGTH = 2 << 20;
    private static final long SHORT_NS = 1_000_000;
    private static final long PARK_NS = 30_000;

    private final FaultPlan plan;
    private final FaultCounts counts = new FaultCounts();
    private final SplittableRandom random;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 16);
    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private final List<DatagramChannel> channels = new ArrayList<>();
    private volatile boolean closed;
    private long arrivals;

    /** Starts its thread. */
    public UdpRelay(FaultPlan plan) {
        this.plan = plan;
        random = new SplittableRandom(plan.seed());
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "udp-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** One direction through a door. */
    private static final class Lane {
        final DatagramChannel out;
        volatile @Nullable SocketAddress to;
        long lastPassed = -1;

        Lane(DatagramChannel out, @Nullable SocketAddress to) {
            this.out = out;
            this.to = to;
        }
    }

    /** What a key is registered with: where its datagrams go, the lane of the answers, and whether their way is learnt here. */
    private record Door(Lane forth, Lane back, boolean learnsSender) {}

    /** A datagram on its way. */
    private record Held(Lane lane, byte[] bytes, long number, long dueNs) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            int byDue = Long.compare(dueNs, other.dueNs);
            return byDue != 0 ? byDue : Long.compare(number, other.number);
        }
    }

    @Override
    public int door(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            DatagramChannel front = open(loopback);
            DatagramChannel back = open(loopback);
            Lane inward = new Lane(back, new InetSocketAddress(loopback, port));
            Lane outward = new Lane(front, null);
            front.register(selector, SelectionKey.OP_READ, new Door(inward, outward, true));
            back.register(selector, SelectionKey.OP_READ, new Door(outward, inward, false));
            selector.wakeup();
            return ((InetSocketAddress) front.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized DatagramChannel open(InetAddress loopback) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_LENGTH);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_LENGTH);
        channel.bind(new InetSocketAddress(loopback, 0));
        channel.configureBlocking(false);
        return channel;
    }

    @Override
    public FaultCounts counts() {
        return counts;
    }

    private void run() {
        try {
            while (!closed) {
                await();
                for (SelectionKey key : selector.selectedKeys()) {
                    receive((DatagramChannel) key.channel(), (Door) key.attachment());
                }
                selector.selectedKeys().clear();
                passDue();
            }
        } catch (ClosedSelectorException | ClosedChannelException ignored) {
            // close() was called
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await() throws IOException {
        Held first = held.peek();
        long wait = first == null ? SHORT_NS * 10 : first.dueNs() - System.nanoTime();
        if (wait > SHORT_NS) {
            selector.select(wait / SHORT_NS);
        } else if (selector.selectNow() == 0 && wait > 0) {
            LockSupport.parkNanos(Math.min(wait, PARK_NS));
            selector.selectNow();
        }
    }

    private void receive(DatagramChannel channel, Door door) throws IOException {
        while (true) {
            received.clear();
            SocketAddress from;
            try {
                from = channel.receive(received);
            } catch (PortUnreachableException ignored) {
                continue;
            }
            if (from == null) {
                return;
            }
            if (door.learnsSender()) {
                door.back().to = from;
            }
            received.flip();
            byte[] bytes = new byte[received.remaining()];
            received.get(bytes);
            take(door.forth(), bytes);
        }
    }

    private void take(Lane lane, byte[] bytes) throws IOException {
        if (random.nextDouble() < plan.loss()) {
            counts.add(Fault.LOST, 1);
            return;
        }
        if (bytes.length > 0 && random.nextDouble() < plan.corruption()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            counts.add(Fault.CORRUPTED, 1);
        }
        boolean twice = random.nextDouble() < plan.duplication();
        long delay = plan.delayNs() + (random.nextDouble() < plan.reordering() ? plan.holdNs() : 0);
        Held datagram = new Held(lane, bytes, arrivals++, System.nanoTime() + delay);
        if (delay == 0) {
            pass(datagram);
        } else {
            counts.add(Fault.DELAYED, 1);
            held.add(datagram);
        }
        if (twice) {
            counts.add(Fault.DUPLICATED, 1);
            held.add(new Held(lane, bytes, datagram.number(), datagram.dueNs() + SHORT_NS / 2));
        }
    }

    private void passDue() throws IOException {
        long nowNs = System.nanoTime();
        for (Held first = held.peek(); first != null && first.dueNs() <= nowNs; first = held.peek()) {
            held.remove();
            pass(first);
        }
    }

    private void pass(Held datagram) throws IOException {
        Lane lane = datagram.lane();
        SocketAddress to = lane.to;
        if (to == null) {
            return;
        }
        if (datagram.number() < lane.lastPassed) {
            counts.add(Fault.REORDERED, 1);
        }
        lane.lastPassed = Math.max(lane.lastPassed, datagram.number());
        try {
            lane.out.send(ByteBuffer.wrap(datagram.bytes()), to);
            counts.add(Fault.FORWARDED, 1);
            counts.add(Fault.BYTES, datagram.bytes().length);
        } catch (PortUnreachableException ignored) {
            // the listener is gone; so is its datagram
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(10_000);
            closeChannels();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void closeChannels() throws IOException {
        for (DatagramChannel channel : channels) {
            channel.close();
        }
    }
}
