package org.dl4jscape.tests.benchmarks.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The processes of one measurement; this one is their rendezvous. Used by one thread. */
final class RigGroup implements AutoCloseable {
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(5);
    private static final String ENDED = "ended";

    private final RigJob job;
    private final Path folder;
    private final List<Process> ranks = new ArrayList<>();
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

    private record Line(int rank, String[] fields) {}

    private RigGroup(RigJob job, RigNetwork network, Path folder) throws IOException {
        this.job = job;
        this.folder = folder;
        for (int rank = 0; rank < job.ranks(); rank++) {
            start(rank, network);
        }
    }

    /**
     * Runs a job.
     *
     * @param rewriting what becomes of each line of the rendezvous before the ranks see it
     * @param folder for what the ranks write to standard error
     * @return the facts of every rank, largest over the ranks, by name
     */
    static Map<String, Double> run(RigJob job, RigNetwork network, UnaryOperator<String> rewriting, Path folder)
            throws IOException {
        try (RigGroup group = new RigGroup(job, network, folder)) {
            return group.run(rewriting);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + job + " ran", e);
        }
    }

    private void start(int rank, RigNetwork network) throws IOException {
        List<String> command = new ArrayList<>(network.prefix(rank));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1500m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(
                RigRank.class.getName(),
                Integer.toString(rank),
                network.address(rank),
                network.device(),
                job.toLine()));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("rank-" + rank + ".err").toFile())
                .start();
        ranks.add(process);
        Thread reader = new Thread(() -> read(rank, process), "rig-reader-" + rank);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(int rank, Process process) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(new Line(rank, line.split("\t", -1)));
            }
        } catch (IOException ignored) {
            // the process is gone, as the next line tells
        }
        lines.add(new Line(rank, new String[] {ENDED}));
    }

    private Map<String, Double> run(UnaryOperator<String> rewriting) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + LIMIT_NS;
        @Nullable String[] meeting = new String[job.ranks()];
        Map<String, Double> facts = new TreeMap<>();
        Set<Integer> told = new TreeSet<>();
        while (told.size() < job.ranks()) {
            Line line = lines.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line != null && line.fields()[0].equals(ENDED) && told.contains(line.rank())) {
                continue;
            }
            if (line == null || line.fields()[0].equals(ENDED)) {
                throw new IOException(
                        job + (line == null ? ": no end" : ": rank " + line.rank() + " ended") + "; " + errors());
            }
            if (line.fields()[0].equals("line")) {
                meeting[line.rank()] = rewriting.apply(line.fields()[1]);
                meet(meeting);
            } else {
                told.add(line.rank());
                for (int i = 1; i < line.fields().length; i++) {
                    String[] fact = line.fields()[i].split("=", 2);
                    facts.merge(fact[0], Double.parseDouble(fact[1]), Math::max);
                }
            }
        }
        return facts;
    }

    private void meet(@Nullable String[] meeting) throws IOException {
        StringBuilder answer = new StringBuilder("lines");
        for (String line : meeting) {
            if (line == null) {
                return;
            }
            answer.append('\t').append(line);
        }
        for (Process rank : ranks) {
            Writer writer = rank.outputWriter(StandardCharsets.UTF_8);
            writer.write(answer + "\n");
            writer.flush();
        }
        Arrays.fill(meeting, null);
    }

    private String errors() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int rank = 0; rank < ranks.size(); rank++) {
            String errors = Files.readString(folder.resolve("rank-" + rank + ".err"));
            text.append("rank ").append(rank).append(": ");
            text.append(errors.substring(Math.max(0, errors.length() - 1500)));
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (Process rank : ranks) {
            try {
                if (!rank.waitFor(10, TimeUnit.SECONDS)) {
                    rank.descendants().forEach(ProcessHandle::destroyForcibly);
                    rank.destroyForcibly();
                }
            } catch (InterruptedException e) {
                rank.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
