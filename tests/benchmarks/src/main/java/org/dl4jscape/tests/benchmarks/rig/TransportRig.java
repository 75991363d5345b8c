package org.dl4jscape.tests.benchmarks.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.dl4jscape.tests.benchmarks.Machine;
import org.dl4jscape.tests.support.faults.FaultCounts.Fault;
import org.dl4jscape.tests.support.faults.FaultPlan;
import org.dl4jscape.tests.support.faults.Relay;
import org.dl4jscape.tests.support.faults.RelayedLines;
import org.dl4jscape.tests.support.faults.UdpRelay;
import org.jspecify.annotations.Nullable;

/**
 * Measures the transports in processes, part by part, and writes {@code transport.json}. Arguments: the file, then parts.
 *
 * <p>A part is short, so that an interrupted rig goes on where it was: what the file has of other parts stays.
 */
public final class TransportRig {
    static final List<String> PARTS =
            List.of("loopback", "100mbit", "1gbit", "loss", "sparse", "idle", "overlap", "algorithms", "smoke");
    private static final long SEED = 20_260_701;
    private static final double LOSS = 0.01;
    private static final long ONE_WAY_NS = 1_100_000;
    private static final int KB = 1000;
    private static final int MB = 1_000_000;

    private final Path folder;
    private final double load;
    private final List<Measurement> measured = new ArrayList<>();
    private String tcpControl = "";
    private String part = "";

    private TransportRig(Path folder, double load) {
        this.folder = folder;
        this.load = load;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2 || !PARTS.containsAll(Arrays.asList(args).subList(1, args.length))) {
            throw new IllegalArgumentException("expected: a file, and some of " + PARTS);
        }
        TransportTable table = TransportTable.read(Path.of(args[0]));
        for (String part : Arrays.asList(args).subList(1, args.length)) {
            table.replace(part, measure(part));
            table.write();
        }
    }

    /** The measurements of a part; of a part that needs shaped links none, where they are not permitted. */
    static List<Measurement> measure(String part) throws IOException {
        Path folder = Files.createTempDirectory("scape-rig-");
        TransportRig rig = new TransportRig(folder, Machine.load());
        rig.part = part;
        try {
            rig.run();
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        return rig.measured;
    }

    private void run() throws IOException {
        switch (part) {
            case "smoke" -> smoke();
            case "loopback" -> loopback();
            case "loss" -> loss();
            case "idle" -> idle();
            case "100mbit" -> {
                links(100, 2, new int[] {KB, 100 * KB, 10 * MB}, 5);
                links(100, 4, new int[] {KB, 100 * KB, 10 * MB}, 5);
            }
            case "1gbit" -> {
                links(1000, 2, new int[] {KB, MB, 100 * MB}, 5);
                links(1000, 4, new int[] {KB, MB, 10 * MB}, 5);
            }
            case "sparse" -> sparse();
            case "overlap" -> overlap();
            case "algorithms" -> algorithms();
            default -> throw new IllegalArgumentException("part=" + part + " (expected: one of " + PARTS + ")");
        }
    }

    private void smoke() throws IOException {
        try (RigNetwork network = RigNetwork.loopback()) {
            compared(network, 2, 100 * KB, 20, List.of("aeron dense", "ipc dense", "tcp dense", "bare-aeron"));
            measure(RigJob.of("aeron step", 2, 100 * KB, 20).with(".density", "0.01"), network);
        }
    }

    private void loopback() throws IOException {
        try (RigNetwork network = RigNetwork.loopback()) {
            for (int bytes : new int[] {KB, 100 * KB, 10 * MB, 100 * MB}) {
                int rounds = bytes <= 100 * KB ? 2000 : bytes == 10 * MB ? 60 : 20;
                compared(network, 2, bytes, rounds, List.of("aeron dense", "ipc dense", "tcp dense"));
            }
        }
    }

    private void links(int megabits, int ranks, int[] sizes, int rounds) throws IOException {
        try (RigNetwork network = shaped(megabits, ranks)) {
            if (network == null) {
                return;
            }
            for (int bytes : sizes) {
                int count = bytes <= 100 * KB ? 300 : bytes <= MB ? 50 : rounds;
                compared(network, ranks, bytes, count, List.of("aeron dense", "tcp dense", "bare-aeron"));
            }
        }
    }

    /** The plain TCP ring first, then what is compared with it. */
    private void compared(RigNetwork network, int ranks, int bytes, int rounds, List<String> subjects)
            throws IOException {
        double plainNs = measure(RigJob.of("tcp-ring", ranks, bytes, rounds), network, null)
                .medianMs();
        for (String subject : subjects) {
            measure(RigJob.of(subject, ranks, bytes, rounds), network, plainNs);
        }
    }

    /** A block of a kilobyte each way, through a relay that delays and loses datagrams. */
    private void loss() throws IOException {
        FaultPlan plan = FaultPlan.none(SEED).withLoss(LOSS).withDelayNs(ONE_WAY_NS);
        try (RigNetwork network = RigNetwork.loopback()) {
            for (String subject : List.of("aeron gather", "bare-aeron")) {
                int bytes = subject.equals("bare-aeron") ? KB : 2 * KB;
                try (Relay relay = new UdpRelay(plan)) {
                    UnaryOperator<String> lines = new RelayedLines(relay);
                    UnaryOperator<String> bare = line -> bareLine(line, relay);
                    RigJob job = RigJob.of(subject, 2, bytes, 4000);
                    add(
                            job,
                            network,
                            RigGroup.run(job, network, subject.equals("bare-aeron") ? bare : lines, folder),
                            null);
                    if (relay.counts().of(Fault.LOST) == 0) {
                        throw new IOException("the relay lost nothing: " + relay.counts());
                    }
                }
            }
        }
    }

    private static String bareLine(String line, Relay relay) {
        int at = line.lastIndexOf(' ') + 1;
        return line.substring(0, at) + relay.door(Integer.parseInt(line.substring(at)));
    }

    private void sparse() throws IOException {
        try (RigNetwork network = shaped(100, 4)) {
            if (network == null) {
                return;
            }
            measure(RigJob.of("aeron step", 4, 10 * MB, 5).with(".density", "1"), network);
            measure(RigJob.of("aeron step", 4, 10 * MB, 40).with(".density", "0.1"), network);
            measure(RigJob.of("aeron step", 4, 10 * MB, 100).with(".density", "0.01"), network);
        }
    }

    private void idle() throws IOException {
        try (RigNetwork network = RigNetwork.loopback()) {
            for (String transport : List.of("aeron", "ipc", "tcp")) {
                measure(RigJob.of(transport + " idle", 2, KB, 8), network);
            }
        }
    }

    /** The gather of a mask of 10 million parameters, alone and behind 20 ms of computing. */
    private void overlap() throws IOException {
        try (RigNetwork network = shaped(100, 2)) {
            if (network == null) {
                return;
            }
            RigJob alone = RigJob.of("aeron mask", 2, 40 * MB, 100).with(".density", "0.01");
            measure(alone, network);
            measure(alone.with(".computeMs", "20"), network);
        }
    }

    /** All-gathers by both algorithms, for the rule by which one is chosen. */
    private void algorithms() throws IOException {
        for (int ranks : new int[] {4, 8}) {
            for (int megabits : new int[] {100, 1000}) {
                try (RigNetwork network = shaped(megabits, ranks)) {
                    if (network == null) {
                        return;
                    }
                    algorithms(network, ranks, megabits == 100 ? 4 * MB : 16 * MB);
                }
            }
        }
    }

    private void algorithms(RigNetwork network, int ranks, int largest) throws IOException {
        for (int bytes : new int[] {64 * KB, MB, largest}) {
            int rounds = bytes < MB ? 100 : bytes == MB ? 20 : 5;
            for (String algorithm : List.of("direct", "ring")) {
                measure(RigJob.of("aeron gather", ranks, bytes, rounds).with("algorithm", algorithm), network);
            }
        }
    }

    private @Nullable RigNetwork shaped(int megabits, int ranks) throws IOException {
        if (!RigNetwork.isPermitted()) {
            System.err.println("left out: " + part + ", " + ranks + " ranks at " + megabits
                    + " Mbit/s; network namespaces and tbf need root");
            return null;
        }
        RigNetwork network = RigNetwork.shaped(megabits, ranks);
        network.askForCubic();
        tcpControl = ", " + network.tcpControl();
        return network;
    }

    private Measurement measure(RigJob job, RigNetwork network) throws IOException {
        return measure(job, network, null);
    }

    private Measurement measure(RigJob job, RigNetwork network, @Nullable Double plainMs) throws IOException {
        return add(job, network, RigGroup.run(job, network, UnaryOperator.identity(), folder), plainMs);
    }

    private Measurement add(RigJob job, RigNetwork network, Map<String, Double> facts, @Nullable Double plainMs) {
        double medianNs = fact(facts, "medianNs");
        boolean gathers = job.subject().endsWith("gather");
        double payload = (gathers ? 1.0 : 2.0) * (job.ranks() - 1) / job.ranks() * job.bytes();
        boolean bounded = network.isShaped() && !job.properties().containsKey(".computeMs");
        double values = facts.getOrDefault("valueBytes", 0.0);
        double masks = facts.getOrDefault("maskBytes", 0.0);
        boolean tcp = job.subject().startsWith("tcp");
        Measurement measurement = new Measurement(
                part,
                network.name() + (tcp ? tcpControl : ""),
                job.ranks(),
                job.bytes(),
                job.subject() + (job.properties().isEmpty() ? "" : " " + job.properties()),
                Measurement.rounded(medianNs / 1e6),
                Measurement.rounded(fact(facts, "p99Ns") / 1e6),
                bounded ? Measurement.rounded(medianNs / network.boundNs(payload)) : null,
                bounded ? Measurement.rounded(fact(facts, "sentBytes") / payload) : null,
                plainMs == null ? null : Measurement.rounded(plainMs * 1e6 / medianNs),
                Measurement.rounded(fact(facts, "cpuNs") / medianNs),
                values > 0 && masks > 0 ? Measurement.rounded(masks / values) : null,
                load);
        System.out.println(measurement);
        measured.add(measurement);
        return measurement;
    }

    private static double fact(Map<String, Double> facts, String name) {
        Double value = facts.get(name);
        if (value == null) {
            throw new IllegalStateException("a rank told no " + name + ": " + facts);
        }
        return value;
    }
}
