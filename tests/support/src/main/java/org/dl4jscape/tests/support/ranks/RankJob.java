package org.dl4jscape.tests.support.ranks;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one group does: steps of SCAPE on synthetic gradients.
 *
 * @param transport name of the transport
 * @param worldSize number of ranks
 * @param generation of the membership
 * @param steps how many are run; 0: the ranks only stay connected until they are told to leave
 * @param parameters number of parameters
 * @param density fraction that is sent
 * @param seed of parameters and gradients
 * @param pauseUs microseconds that every rank rests after each step, as if it computed
 * @param slowRank rank that rests {@code slowUs} besides, -1: none
 * @param slowUs microseconds
 * @param timeoutMs deadline of every wait
 * @param bindAddress where each rank listens
 * @param properties of the transport
 */
public record RankJob(
        String transport,
        int worldSize,
        int generation,
        int steps,
        int parameters,
        double density,
        long seed,
        long pauseUs,
        int slowRank,
        long slowUs,
        long timeoutMs,
        String bindAddress,
        Map<String, String> properties) {
    private static final String PROPERTY = "property.";

    /** Copies the properties. */
    public RankJob {
        properties = Map.copyOf(properties);
    }

    /** A small job on the loopback interface that waits at most 30 s. */
    public static RankJob of(String transport, int worldSize, int steps, long seed) {
        return new RankJob(transport, worldSize, 0, steps, 4000, 0.1, seed, 0, -1, 0, 30_000, "127.0.0.1", Map.of());
    }

    /** This job with other properties of the transport. */
    public RankJob withProperties(Map<String, String> other) {
        Map<String, String> fields = fields();
        fields.keySet().removeIf(name -> name.startsWith(PROPERTY));
        other.forEach((name, value) -> fields.put(PROPERTY + name, value));
        return of(fields);
    }

    /** This job by another generation. */
    public RankJob withGeneration(int other) {
        return with("generation", other);
    }

    /** This job with another rest after each step. */
    public RankJob withPauseUs(long other) {
        return with("pauseUs", other);
    }

    /** This job with one rank that is slower. */
    public RankJob withSlowRank(int rank, long us) {
        return with("slowRank", rank).with("slowUs", us);
    }

    /** This job with another number of parameters and density. */
    public RankJob withParameters(int count, double share) {
        return with("parameters", count).with("density", share);
    }

    /** This job with another deadline of every wait. */
    public RankJob withTimeoutMs(long other) {
        return with("timeoutMs", other);
    }

    /** This job on another interface. */
    public RankJob withBindAddress(String other) {
        return with("bindAddress", other);
    }

    private RankJob with(String name, Object value) {
        Map<String, String> fields = fields();
        fields.put(name, value.toString());
        return of(fields);
    }

    /** Every component by its name, as it travels in a line; properties with a prefix. */
    private Map<String, String> fields() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("transport", transport);
        fields.put("worldSize", Integer.toString(worldSize));
        fields.put("generation", Integer.toString(generation));
        fields.put("steps", Integer.toString(steps));
        fields.put("parameters", Integer.toString(parameters));
        fields.put("density", Double.toString(density));
        fields.put("seed", Long.toString(seed));
        fields.put("pauseUs", Long.toString(pauseUs));
        fields.put("slowRank", Integer.toString(slowRank));
        fields.put("slowUs", Long.toString(slowUs));
        fields.put("timeoutMs", Long.toString(timeoutMs));
        fields.put("bindAddress", bindAddress);
        properties.forEach((name, value) -> fields.put(PROPERTY + name, value));
        return fields;
    }

    /** One line without tabs. */
    String toLine() {
        StringBuilder line = new StringBuilder();
        fields().forEach((name, value) ->
                line.append(name).append('=').append(value).append(' '));
        return line.toString().trim();
    }

    static RankJob parse(String line) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : line.split(" ", -1)) {
            int equals = field.indexOf('=');
            fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
        return of(fields);
    }

    private static RankJob of(Map<String, String> fields) {
        Map<String, String> properties = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(PROPERTY)) {
                properties.put(name.substring(PROPERTY.length()), value);
            }
        });
        return new RankJob(
                field(fields, "transport"),
                Integer.parseInt(field(fields, "worldSize")),
                Integer.parseInt(field(fields, "generation")),
                Integer.parseInt(field(fields, "steps")),
                Integer.parseInt(field(fields, "parameters")),
                Double.parseDouble(field(fields, "density")),
                Long.parseLong(field(fields, "seed")),
                Long.parseLong(field(fields, "pauseUs")),
                Integer.parseInt(field(fields, "slowRank")),
                Long.parseLong(field(fields, "slowUs")),
                Long.parseLong(field(fields, "timeoutMs")),
                field(fields, "bindAddress"),
                properties);
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a job without " + name + " (expected: a line of toLine())");
        }
        return value;
    }
}
