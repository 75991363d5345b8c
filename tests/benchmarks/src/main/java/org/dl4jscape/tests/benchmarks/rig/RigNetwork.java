package org.dl4jscape.tests.benchmarks.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where ranks run: on the loopback interface, or each in a network namespace of its own, joined by a switch whose ports and
 * network cards let through so many bits a second both ways. Everything is deleted at the end. Used by one thread.
 */
final class RigNetwork implements AutoCloseable {
    private static final String NAME = "scape-rig-" + ProcessHandle.current().pid();
    private static final String SWITCH = NAME + "-switch";
    private static final int LIMIT_S = 20;

    private final String name;
    private final long bitsPerSecond;
    private final int ranks;

    private RigNetwork(String name, long bitsPerSecond, int ranks) {
        this.name = name;
        this.bitsPerSecond = bitsPerSecond;
        this.ranks = ranks;
    }

    /** The loopback interface. */
    static RigNetwork loopback() {
        return new RigNetwork("loopback", 0, 0);
    }

    /** A switch for so many ranks. */
    static RigNetwork shaped(int megabits, int ranks) throws IOException {
        RigNetwork network = new RigNetwork(megabits + " Mbit/s", megabits * 1_000_000L, ranks);
        try {
            network.make(megabits);
        } catch (IOException e) {
            network.close();
            throw e;
        }
        return network;
    }

    /** Whether this process may make namespaces and shape links. */
    static boolean isPermitted() {
        String probe = NAME + "-probe";
        try {
            run("ip", "netns", "add", probe);
            run(
                    "tc", "-n", probe, "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "1mbit", "burst", "4k",
                    "latency", "9ms");
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            forget(probe);
        }
    }

    private void make(int megabits) throws IOException {
        run("ip", "netns", "add", SWITCH);
        run("ip", "-n", SWITCH, "link", "add", "name", "bridge", "type", "bridge");
        run("ip", "-n", SWITCH, "link", "set", "bridge", "up");
        for (int rank = 0; rank < ranks; rank++) {
            String space = space(rank);
            String port = "port" + rank;
            run("ip", "netns", "add", space);
            run(
                    "ip", "link", "add", "name", port, "netns", SWITCH, "type", "veth", "peer", "name", "eth0", "netns",
                    space);
            run("ip", "-n", SWITCH, "link", "set", port, "master", "bridge", "up");
            run("ip", "-n", space, "addr", "add", address(rank) + "/24", "dev", "eth0");
            // Frames as a wire has them: without this, TCP would hand 64 KiB to the link at once and its headers would
            // not count.
            run("ip", "-n", space, "link", "set", "eth0", "gso_max_segs", "1", "up");
            run("ip", "-n", space, "link", "set", "lo", "up");
            shape(SWITCH, port, megabits);
            shape(space, "eth0", megabits);
        }
    }

    /** A bucket of what the clock of the kernel lets through in a few milliseconds, and a queue of a megabyte or less. */
    private static void shape(String space, String device, int megabits) throws IOException {
        String burst = Math.max(16, megabits / 4) + "kb";
        String latency = megabits >= 1000 ? "8ms" : "50ms";
        run(
                "tc",
                "-n",
                space,
                "qdisc",
                "add",
                "dev",
                device,
                "root",
                "tbf",
                "rate",
                megabits + "mbit",
                "burst",
                burst,
                "latency",
                latency);
    }

    /** How a TCP connection of the ranks is controlled. */
    String tcpControl() throws IOException {
        List<String> command = new ArrayList<>(prefix(0));
        command.addAll(List.of("cat", "/proc/sys/net/ipv4/tcp_congestion_control"));
        return run(command.toArray(new String[0])).strip();
    }

    /** Asks for CUBIC, which the kernel refuses where it is not among {@code tcp_allowed_congestion_control}. */
    void askForCubic() {
        try {
            run("ip", "netns", "exec", space(0), "true");
            for (int rank = 0; rank < ranks; rank++) {
                run(
                        "ip",
                        "netns",
                        "exec",
                        space(rank),
                        "sh",
                        "-c",
                        "echo cubic > /proc/sys/net/ipv4/tcp_congestion_control");
            }
        } catch (IOException e) {
            System.err.println("TCP does not run with CUBIC here: " + e.getMessage());
        }
    }

    String name() {
        return name;
    }

    /** Nanoseconds that bytes need at least, 0 where the link has no limit. */
    double boundNs(double bytes) {
        return bitsPerSecond == 0 ? 0 : bytes * 8 * 1e9 / bitsPerSecond;
    }

    boolean isShaped() {
        return bitsPerSecond > 0;
    }

    /** Command in front of a rank's own. */
    List<String> prefix(int rank) {
        return isShaped() ? List.of("ip", "netns", "exec", space(rank)) : List.of();
    }

    String address(int rank) {
        return isShaped() ? "10.77.0." + (rank + 1) : "127.0.0.1";
    }

    /** The device whose bytes are those of a rank; {@code -} where there is none. */
    String device() {
        return isShaped() ? "eth0" : "-";
    }

    private static String space(int rank) {
        return NAME + "-" + rank;
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void forget(String space) {
        try {
            run("ip", "netns", "del", space);
        } catch (IOException ignored) {
            // it was not there
        }
    }

    @Override
    public void close() {
        for (int rank = 0; rank < ranks; rank++) {
            forget(space(rank));
        }
        if (isShaped()) {
            forget(SWITCH);
        }
    }
}
