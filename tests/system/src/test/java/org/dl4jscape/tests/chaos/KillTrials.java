package org.dl4jscape.tests.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dl4jscape.tests.support.ranks.SyntheticTraining;

/** Many kills, some at a time, and how they went. */
final class KillTrials {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final long seed;
    private final Path folder;
    private final Path drivers;

    /**
     * Nothing runs yet.
     *
     * @param seed fixes transports, victims and moments
     * @param folder for what the JVMs write
     * @param drivers where media drivers make their folders
     */
    KillTrials(long seed, Path folder, Path drivers) {
        this.seed = seed;
        this.folder = folder;
        this.drivers = drivers;
    }

    /** Makes the trials {@code from <= number < to} in {@code lanes} groups at a time; fails with the first broken promise. */
    List<KillTrial.Survivor> run(int from, int to, int lanes, long limitMinutes) throws Exception {
        List<String> faultFree = SyntheticTraining.faultFree(KillLane.job("aeron", drivers));
        AtomicInteger next = new AtomicInteger(from);
        ExecutorService threads = Executors.newFixedThreadPool(lanes);
        try {
            List<Future<List<KillTrial.Survivor>>> running = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                running.add(threads.submit(() -> runLane(next, to, faultFree)));
            }
            List<KillTrial.Survivor> all = new ArrayList<>();
            for (Future<List<KillTrial.Survivor>> lane : running) {
                all.addAll(lane.get(limitMinutes, TimeUnit.MINUTES));
            }
            return all;
        } finally {
            next.set(to);
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private List<KillTrial.Survivor> runLane(AtomicInteger next, int to, List<String> faultFree) throws Exception {
        List<KillTrial.Survivor> survivors = new ArrayList<>();
        try (KillLane lane = new KillLane(folder, drivers)) {
            for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                survivors.addAll(lane.run(KillTrial.of(seed, number), faultFree));
            }
        }
        return survivors;
    }

    /** The distribution, by transport, as a JSON object that the site can draw. */
    String table(List<KillTrial.Survivor> survivors, int count, int lanes, String command) throws Exception {
        ObjectNode table = JSON.createObjectNode();
        table.put("title", "Kills: when the survivors know");
        table.put("command", command);
        table.put("kills", count)
                .put("ranks", KillTrial.RANKS)
                .put("seed", seed)
                .put("groupsAtATime", lanes)
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put(
                        "survivorsWithinTwoSeconds",
                        survivors.stream().filter(one -> one.ms() <= 2000).count())
                .put("survivors", survivors.size());
        table.putObject("chart")
                .put("list", "survivorsByTransport")
                .put("label", "transport")
                .put("value", "p99Ms")
                .put("unit", "ms from the kill to the exception, p99");
        Map<String, List<Double>> byTransport = new TreeMap<>();
        Map<String, Integer> byEnd = new TreeMap<>();
        for (KillTrial.Survivor one : survivors) {
            byTransport
                    .computeIfAbsent(one.transport(), name -> new ArrayList<>())
                    .add(one.ms());
            byEnd.merge(one.failure() + "\t" + one.phase(), 1, Integer::sum);
        }
        ArrayNode rows = table.putArray("survivorsByTransport");
        byTransport.forEach((transport, times) -> addTimes(rows.addObject(), transport, times));
        ArrayNode ends = table.putArray("survivorsByException");
        byEnd.forEach((end, times) -> ends.addObject()
                .put("exception", end.split("\t")[0])
                .put("whenItFoundOut", end.split("\t")[1])
                .put("survivors", times));
        return JSON.writeValueAsString(table) + "\n";
    }

    private static void addTimes(ObjectNode row, String transport, List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        row.put("transport", transport).put("survivors", sorted.size());
        for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
            int index = (int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size()));
            String name = share == 1 ? "maxMs" : "p" + Math.round(100 * share) + "Ms";
            row.put(name, Math.round(10 * sorted.get(index)) / 10.0);
        }
    }
}
