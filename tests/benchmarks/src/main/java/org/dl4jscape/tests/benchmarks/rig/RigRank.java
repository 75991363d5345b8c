package org.dl4jscape.tests.benchmarks.rig;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.core.exchange.Rendezvous;

/**
 * One rank of the rig: arguments are its rank, its address, its network device ({@code -} where bytes are not counted) and the
 * line of a {@link RigJob}. Meets the others through its parent: writes {@code line TEXT}, reads {@code lines TEXT...}; then
 * writes {@code result NAME=NUMBER...}, all fields between tabs.
 */
public final class RigRank {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What this rank has sent needs some time to pass the shaped interface that counts it. */
    private static final long UNDER_WAY_NS = 100_000_000;

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out;
    private final String device;

    private RigRank(PrintStream out, String device) {
        this.out = out;
        this.device = device;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        RigRank rank = new RigRank(out, args[2]);
        rank.measure(Integer.parseInt(args[0]), args[1], RigJob.parse(args[3]));
        System.exit(0);
    }

    private void measure(int rank, String address, RigJob job) throws IOException {
        Rendezvous meeting = this::meet;
        long[] times = new long[job.rounds()];
        try (Round round = open(job, rank, address, meeting)) {
            for (int i = 0; i < job.warmup(); i++) {
                round.run();
            }
            round.meet();
            long bytes = sentBytes();
            long cpuNs = SYSTEM.getProcessCpuTime();
            for (int i = 0; i < job.rounds(); i++) {
                times[i] = round.run();
            }
            cpuNs = SYSTEM.getProcessCpuTime() - cpuNs;
            LockSupport.parkNanos(UNDER_WAY_NS);
            bytes = sentBytes() - bytes;
            round.meet();
            Arrays.sort(times);
            tell(String.format(
                    Locale.ROOT,
                    "result\tmedianNs=%d\tp99Ns=%d\tsentBytes=%.1f\tcpuNs=%.1f%s",
                    times[job.rounds() / 2],
                    times[(int) (0.99 * job.rounds())],
                    (double) bytes / job.rounds(),
                    (double) cpuNs / job.rounds(),
                    round instanceof CollectivesRound collectives ? collectives.facts() : ""));
        }
    }

    private static Round open(RigJob job, int rank, String address, Rendezvous meeting) throws IOException {
        return switch (job.subject()) {
            case "tcp-ring" -> new TcpRing(job, rank, address, meeting);
            case "bare-aeron" -> new BareAeron(job, rank, address, meeting);
            default -> new CollectivesRound(job, rank, address, meeting);
        };
    }

    private long sentBytes() throws IOException {
        if (device.equals("-")) {
            return 0;
        }
        Path counter = Path.of("/sys/class/net", device, "statistics/tx_bytes");
        return Long.parseLong(Files.readString(counter).strip());
    }

    private String[] meet(String line) {
        tell("line\t" + line);
        try {
            String answer = in.readLine();
            if (answer == null || !answer.startsWith("lines\t")) {
                throw new IllegalStateException("the parent ended the meeting: " + answer);
            }
            return answer.substring("lines\t".length()).split("\t", -1);
        } catch (IOException e) {
            throw new IllegalStateException("the parent cannot be read", e);
        }
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
    }
}
