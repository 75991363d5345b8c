package org.dl4jscape.dl4j.launch;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Messages, lines of text, over one connection. One thread receives; any thread sends.
 *
 * <p>Both ends send {@link #PING} while they have nothing to say, so that an end that has vanished without a word is noticed
 * by a receive that takes too long.
 */
final class MessageSocket implements AutoCloseable {
    /** Says only that its sender lives; {@link #receive} passes over it. */
    static final String PING = "ping";

    /** Longest message in characters: what a rendezvous line may have, with a word before it. */
    static final int LONGEST = 8192;

    private static final long RETRY_MS = 100;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /**
     * Takes over a connection.
     *
     * @param silence longest time without a message, above 0
     */
    MessageSocket(Socket socket, Duration silence) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, Math.max(1, silence.toMillis())));
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /**
     * Connects; tries again while nobody listens.
     *
     * @throws IOException when nobody listens within the time, or the host is unknown
     */
    static MessageSocket connect(String host, int port, Duration within, Duration silence)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + within.toNanos();
        while (true) {
            Socket socket = new Socket();
            try {
                long leftMs = Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000);
                socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) Math.min(leftMs, 5000));
                return new MessageSocket(socket, silence);
            } catch (java.net.UnknownHostException e) {
                socket.close();
                throw e;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() >= deadlineNs) {
                    throw e;
                }
                Thread.sleep(RETRY_MS);
            }
        }
    }

    /** Sends messages, all or none behind each other. */
    void send(String... messages) throws IOException {
        synchronized (out) {
            for (String message : messages) {
                out.writeUTF(message);
            }
            out.flush();
        }
    }

    /**
     * The next message.
     *
     * @throws EOFException when the other end has closed
     * @throws SocketTimeoutException when it says nothing for too long
     */
    String receive() throws IOException {
        while (true) {
            String message = in.readUTF();
            if (message.length() > LONGEST) {
                throw new IOException(
                        "a message has " + message.length() + " characters (expected: <= " + LONGEST + ")");
            }
            if (!message.equals(PING)) {
                return message;
            }
        }
    }

    /** From now on a silence is as long as it is. */
    void waitForEver() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Address of the other end, for messages. */
    String peer() {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
    }

    /** Address of this end: by it the machine is reached from the other one. */
    String localAddress() {
        return socket.getLocalAddress().getHostAddress();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // there is no connection to close any more
        }
    }
}
