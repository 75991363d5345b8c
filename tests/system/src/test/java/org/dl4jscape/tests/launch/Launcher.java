package org.dl4jscape.tests.launch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
