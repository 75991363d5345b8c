package org.dl4jscape.aeron.rendezvous;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a {@link RendezvousHost}: owns its sockets, sleeps while nothing comes. */
final class HostLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HostLoop.class);
    private static final long TICK_MS = 50;
    private static final long LAST_WORD_NS = TimeUnit.SECONDS.toNanos(1);

    /** Connections beyond one for each rank: strangers, and ranks of other groups. */
    private static final int STRANGERS_MAX = 64;

    private final RendezvousHost.Context context;
    private final Gathering gathering;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final List<HostedRank> guests = new ArrayList<>();
    private final AtomicLong strangers = new AtomicLong();
    private volatile int generation;
    private volatile int worldSize;
    private volatile boolean closing;

    HostLoop(RendezvousHost.Context context, ServerSocketChannel server, Selector selector) {
        this.context = context;
        this.server = server;
        this.selector = selector;
        gathering = new Gathering(context);
        generation = gathering.generation();
        worldSize = gathering.worldSize();
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                selector.select(TICK_MS);
                turn(System.nanoTime());
            }
            gathering.fail(Reason.CLOSED, -1, "the host of the rendezvous was closed");
            long untilNs = System.nanoTime() + LAST_WORD_NS;
            while (!guests.isEmpty() && System.nanoTime() < untilNs) {
                selector.select(TICK_MS);
                turn(System.nanoTime());
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the host of the rendezvous ends: {}", e.toString(), e);
        } finally {
            guests.forEach(HostedRank::close);
            CloseHelper.quietCloseAll(server, selector);
        }
    }

    private void turn(long nowNs) {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isAcceptable()) {
                accept();
            } else if (key.isValid() && key.isReadable() && key.attachment() instanceof HostedRank guest) {
                guest.read(nowNs);
            }
        }
        selector.selectedKeys().clear();
        gathering.tick(nowNs);
        for (HostedRank guest : guests) {
            guest.write(nowNs);
        }
        guests.removeIf(HostedRank::isClosed);
        generation = gathering.generation();
        worldSize = gathering.worldSize();
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            if (guests.size() >= gathering.worldSize() + STRANGERS_MAX) {
                channel.close();
                strangers.incrementAndGet();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            HostedRank guest = new HostedRank(
                    gathering,
                    context.secret(),
                    new FramedSocket(channel),
                    key,
                    String.valueOf(channel.getRemoteAddress()).replaceFirst("^[^/]*/", ""),
                    strangers::incrementAndGet);
            key.attach(guest);
            guests.add(guest);
        } catch (IOException e) {
            LOG.warn("rendezvous: a connection could not be accepted: {}", e.toString());
        }
    }

    /** Connections that were turned away before they had a seat; any thread. */
    long strangers() {
        return strangers.get();
    }

    /** Any thread. */
    int generation() {
        return generation;
    }

    /** Any thread. */
    int worldSize() {
        return worldSize;
    }

    /** Ends the loop soon; any thread. */
    void stop() {
        closing = true;
        selector.wakeup();
    }
}
