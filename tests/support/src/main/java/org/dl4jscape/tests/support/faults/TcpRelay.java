package org.dl4jscape.tests.support.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.tests.support.faults.FaultCounts.Fault;

/**
 * Passes connections on, with delay, flipped bits and resets; what TCP repairs itself (loss, duplication, order) is not for a
 * relay. Two threads for each direction of a connection.
 */
public final class TcpRelay implements Relay {
    private static final int PIECE = 8192;
    private static final int QUEUED_PIECES = 4096;
    private static final byte[] END = new byte[0];

    private final FaultPlan plan;
    private final FaultCounts counts = new FaultCounts();
    private final SplittableRandom random;
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile boolean closed;

    /** No thread runs until a door is opened. */
    public TcpRelay(FaultPlan plan) {
        this.plan = plan;
        random = new SplittableRandom(plan.seed());
    }

    private record Piece(byte[] bytes, long dueNs) {}

    @Override
    public int door(int port) {
        try {
            ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
            keep(server);
            start("tcp-relay-door", () -> accept(server, port));
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FaultCounts counts() {
        return counts;
    }

    private void accept(ServerSocket server, int port) {
        try {
            while (!closed) {
                Socket in = server.accept();
                keep(in);
                Socket out = new Socket(InetAddress.getLoopbackAddress(), port);
                keep(out);
                in.setTcpNoDelay(true);
                out.setTcpNoDelay(true);
                pump(in, out);
                pump(out, in);
            }
        } catch (IOException ignored) {
            // closed, or nobody listens behind this door any more
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        BlockingQueue<Piece> queue = new LinkedBlockingQueue<>(QUEUED_PIECES);
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        start("tcp-relay-in", () -> {
            try {
                read(in, queue);
            } catch (IOException e) {
                reset(from, to);
            } finally {
                queue.add(new Piece(END, System.nanoTime()));
            }
        });
        start("tcp-relay-out", () -> {
            try {
                write(queue, out);
                to.shutdownOutput();
            } catch (IOException e) {
                reset(from, to);
            }
        });
    }

    private void read(InputStream in, BlockingQueue<Piece> queue) throws IOException {
        byte[] buffer = new byte[PIECE];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, n);
                if (spoil(bytes)) {
                    throw new IOException("cut on purpose");
                }
                queue.put(new Piece(bytes, System.nanoTime() + plan.delayNs()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Flips a bit by chance; true when the connection is to be cut. */
    private synchronized boolean spoil(byte[] bytes) {
        if (random.nextDouble() < plan.corruption()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            counts.add(Fault.CORRUPTED, 1);
        }
        boolean cut = random.nextDouble() < plan.cut();
        counts.add(Fault.CUT, cut ? 1 : 0);
        return cut;
    }

    private void write(BlockingQueue<Piece> queue, OutputStream out) throws IOException {
        try {
            while (!closed) {
                Piece piece = queue.poll(1, TimeUnit.SECONDS);
                if (piece == null) {
                    continue;
                }
                if (piece.bytes() == END) {
                    return;
                }
                for (long wait = piece.dueNs() - System.nanoTime();
                        wait > 0;
                        wait = piece.dueNs() - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                out.write(piece.bytes());
                counts.add(Fault.FORWARDED, 1);
                counts.add(Fault.BYTES, piece.bytes().length);
                counts.add(Fault.DELAYED, plan.delayNs() > 0 ? 1 : 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket... sockets) {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException ignored) {
                // it is closed already
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void keep(AutoCloseable closeable) throws IOException {
        if (closed) {
            throw new IOException("the relay is closed");
        }
        open.add(closeable);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (AutoCloseable closeable : open) {
            try {
                closeable.close();
            } catch (Exception ignored) {
                // it is closed already
            }
        }
    }
}
