package org.dl4jscape.tests.benchmarks.rig;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.SynchronousQueue;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * The baseline: a ring of blocking TCP connections, as plain as can be. Reduce-scatter and all-gather in N - 1 turns each; a
 * thread sends a shard while this one receives another and adds or keeps it, in pieces of 64 KiB. No checksum, no deadline,
 * sums in ring order.
 */
final class TcpRing implements Round {
    private static final int PIECE = 64 * 1024;

    private final int rank;
    private final int ranks;
    private final int shard;
    private final float[] values;
    private final float[] piece = new float[PIECE / Float.BYTES];
    private final SocketChannel to;
    private final SocketChannel from;
    private final SynchronousQueue<Integer> toSend = new SynchronousQueue<>();
    private final SynchronousQueue<Integer> sent = new SynchronousQueue<>();
    private final Memory out = new Memory();
    private final Memory in = new Memory();

    /** A piece as bytes and as floats. */
    private static final class Memory {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        final FloatBuffer floats = bytes.asFloatBuffer();
    }

    TcpRing(RigJob job, int rank, String address, Rendezvous meeting) throws IOException {
        this.rank = rank;
        ranks = job.ranks();
        shard = job.bytes() / Float.BYTES / ranks;
        values = new float[ranks * shard];
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(address, 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            String[] lines = meeting.allGather(address + " " + port);
            String[] next = lines[(rank + 1) % ranks].split(" ", 2);
            to = SocketChannel.open(new InetSocketAddress(next[0], Integer.parseInt(next[1])));
            from = server.accept();
        }
        to.setOption(StandardSocketOptions.TCP_NODELAY, true);
        from.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread sender = new Thread(this::send, "tcp-ring-sender");
        sender.setDaemon(true);
        sender.start();
    }

    @Override
    public long run() throws IOException {
        long beganNs = System.nanoTime();
        for (int turn = 0; turn < ranks - 1; turn++) {
            turn(Math.floorMod(rank - turn - 1, ranks), Math.floorMod(rank - turn - 2, ranks), true);
        }
        for (int turn = 0; turn < ranks - 1; turn++) {
            turn(Math.floorMod(rank - turn, ranks), Math.floorMod(rank - turn - 1, ranks), false);
        }
        return System.nanoTime() - beganNs;
    }

    private void turn(int sending, int receiving, boolean adds) throws IOException {
        try {
            toSend.put(sending);
            receive(receiving, adds);
            sent.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void send() {
        try {
            while (true) {
                int sending = toSend.take();
                for (int done = 0; done < shard; done += piece.length) {
                    int n = Math.min(piece.length, shard - done);
                    out.floats.put(0, values, sending * shard + done, n);
                    out.bytes.limit(n * Float.BYTES).position(0);
                    while (out.bytes.hasRemaining()) {
                        to.write(out.bytes);
                    }
                }
                sent.put(sending);
            }
        } catch (IOException | InterruptedException ignored) {
            // the round is over: close() was called, or the other side fails and says so
        }
    }

    private void receive(int receiving, boolean adds) throws IOException {
        for (int done = 0; done < shard; done += piece.length) {
            int n = Math.min(piece.length, shard - done);
            int at = receiving * shard + done;
            in.bytes.limit(n * Float.BYTES).position(0);
            while (in.bytes.hasRemaining()) {
                if (from.read(in.bytes) < 0) {
                    throw new EOFException("the rank before this one has closed its connection");
                }
            }
            if (adds) {
                in.floats.get(0, piece, 0, n);
                for (int i = 0; i < n; i++) {
                    values[at + i] += piece[i];
                }
            } else {
                in.floats.get(0, values, at, n);
            }
        }
    }

    /** A round is as good as a barrier: nobody can end it before all have begun. */
    @Override
    public void meet() throws IOException {
        run();
    }

    @Override
    public void close() throws IOException {
        to.close();
        from.close();
    }
}
