package org.dl4jscape.aeron.rendezvous;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.exchange.CollectiveException;
import org.jspecify.annotations.Nullable;

/**
 * A rank's connection to the host. Every wait has a deadline and notices an interrupt; every failure is a typed exception
 * that names the host. Belongs to one thread, except {@link #leave}.
 */
final class HostConnection {
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SELECT_MS_MAX = 100;
    private static final long LEAVE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String address;
    private final FramedSocket socket;
    private final Selector selector;
    private final SelectionKey key;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HostConnection(String address, SocketChannel channel, Selector selector) throws IOException {
        this.address = address;
        this.selector = selector;
        socket = new FramedSocket(channel);
        key = channel.register(selector, SelectionKey.OP_READ);
    }

    /** Seeks the host until the deadline, since it may start later than a rank; then both say what they have. */
    static HostConnection open(TcpRendezvous.Context context, long deadlineNs) {
        InetSocketAddress address = HostAddress.resolve(context.address());
        while (true) {
            try {
                HostConnection connection = connect(context.address(), address, deadlineNs);
                try {
                    connection.greet(context.secret(), deadlineNs);
                    return connection;
                } catch (RuntimeException e) {
                    connection.close();
                    throw e;
                }
            } catch (IOException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new RendezvousException(
                            Reason.UNREACHABLE,
                            "nobody listens at rendezvous=" + context.address() + " within "
                                    + TimeUnit.NANOSECONDS.toMillis(context.timeoutNs())
                                    + " ms; was the launcher or rank 0 started, and is that port allowed? ("
                                    + e.getMessage() + ")",
                            e);
                }
                LockSupport.parkNanos(RETRY_NS);
                throwIfInterrupted(context.address());
            }
        }
    }

    private static HostConnection connect(String name, InetSocketAddress address, long deadlineNs) throws IOException {
        SocketChannel channel = SocketChannel.open();
        Selector selector = null;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.connect(address);
            selector = Selector.open();
            SelectionKey connecting = channel.register(selector, SelectionKey.OP_CONNECT);
            while (!channel.finishConnect()) {
                selector.select(SELECT_MS_MAX);
                throwIfInterrupted(name);
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new IOException("no answer");
                }
            }
            connecting.interestOps(SelectionKey.OP_READ);
            return new HostConnection(name, channel, selector);
        } catch (IOException | RuntimeException e) {
            CloseHelper.quietCloseAll(selector, channel);
            throw e;
        }
    }

    private void greet(@Nullable SharedSecret secret, long deadlineNs) {
        byte[] nonce = DerivedKeys.nonce();
        send(new Message.Open(secret != null, nonce));
        Message answer = await("its greeting", deadlineNs);
        if (!(answer instanceof Message.Challenge challenge)) {
            throw outOfTurn(answer, "its greeting");
        }
        if (challenge.isSecured() && secret == null) {
            throw new RendezvousException(
                    Reason.SECRET_MISSING,
                    "the rendezvous at " + address + " has a secret and this rank none; set the same secretFile on all"
                            + " ranks and the host");
        }
        if (secret == null) {
            return;
        }
        if (!challenge.isSecured()) {
            throw new RendezvousException(
                    Reason.SECRET_MISSING,
                    "this rank has a secret and the rendezvous at " + address + " none; set the same secretFile on all"
                            + " ranks and the host");
        }
        socket.seal(secret, nonce, challenge.nonce(), false);
    }

    /** This rank has its seat, so longer messages may come. */
    void seated() {
        socket.acceptAll();
    }

    void send(Message message) {
        try {
            socket.send(message);
            socket.flush();
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /**
     * The next message.
     *
     * @param what is waited for, for messages
     */
    Message await(String what, long deadlineNs) {
        try {
            while (true) {
                boolean flushed = socket.flush();
                key.interestOps(flushed ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                Message message = socket.poll();
                if (message != null) {
                    return message;
                }
                throwIfInterrupted(address);
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new RendezvousException(
                            Reason.UNREACHABLE,
                            "the rendezvous at " + address + " did not give " + what
                                    + " in time; does a rendezvous of this version run there?");
                }
                selector.select(SELECT_MS_MAX);
                selector.selectedKeys().clear();
            }
        } catch (ForgedMessageException e) {
            throw new RendezvousException(
                    Reason.SECRET_WRONG,
                    "the rendezvous at " + address
                            + " has another secret than this rank; set the same secretFile on all ranks and the host",
                    e);
        } catch (MalformedMessageException e) {
            throw new RendezvousException(
                    Reason.PROTOCOL,
                    "what answers at " + address + " is no rendezvous of this version: " + e.getMessage()
                            + "; check the port, and that all ranks have the same version of scape-aeron",
                    e);
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private RendezvousException ended(IOException e) {
        return new RendezvousException(
                Reason.UNREACHABLE,
                "the rendezvous at " + address + " ended the connection ("
                        + (e instanceof EOFException ? "closed" : e.getMessage())
                        + "); does the launcher or rank 0 still run, and is it a rendezvous?",
                e);
    }

    RendezvousException outOfTurn(Message message, String expected) {
        return new RendezvousException(
                Reason.PROTOCOL,
                "the rendezvous at " + address + " sent "
                        + message.getClass().getSimpleName() + " (expected: " + expected
                        + "); all ranks must have the same version of scape-aeron");
    }

    private static void throwIfInterrupted(String address) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CollectiveException("interrupted at the rendezvous " + address, new InterruptedException());
        }
    }

    /** Says goodbye, if the system takes it at once, and ends. */
    void leave(Message.Leave leave) {
        if (closed.get()) {
            return;
        }
        try {
            socket.send(leave);
            long untilNs = System.nanoTime() + LEAVE_NS;
            while (!socket.flush() && System.nanoTime() < untilNs) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        } catch (IOException ignored) {
            // the end of the connection says the same
        }
        close();
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            socket.close();
            CloseHelper.quietClose(selector);
        }
    }
}
