package org.dl4jscape.tests.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.dl4j.launch.ScapeLaunch;

/** A launcher on a thread of this JVM, with what it and its ranks wrote. */
final class Launcher {
    /** No launch of the tests takes nearly as long, on however busy a machine. */
    static final Duration LIMIT = Duration.ofMinutes(4);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    private Launcher(String... arguments) {
        Thread thread = new Thread(() -> {
            try {
                status.complete(ScapeLaunch.execute(stream(out), stream(err), arguments));
            } catch (RuntimeException | Error e) {
                status.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    /** Starts one. */
    static Launcher start(String... arguments) {
        return new Launcher(arguments);
    }

    /** An endpoint where nobody listens; below the ports that the system gives to those who ask for any. */
    static String freeMeeting() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return "127.0.0.1:" + socket.getLocalPort();
            } catch (BindException taken) {
                // the next one
            }
        }
    }

    /** Its exit status, once it has ended. */
    int status() throws Exception {
        return status.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** What its ranks wrote to their standard output, by lines. */
    List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** What its ranks wrote to their standard error, and what it said itself. */
    String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
