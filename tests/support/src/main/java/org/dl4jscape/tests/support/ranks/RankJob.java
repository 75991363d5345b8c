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
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                parameters,
                density,
                seed,
                pauseUs,
                slowRank,
                slowUs,
                timeoutMs,
                bindAddress,
                other);
    }

    /** This job by another generation. */
    public RankJob withGeneration(int other) {
        return new RankJob(
                transport,
                worldSize,
                other,
                steps,
                parameters,
                density,
                seed,
                pauseUs,
                slowRank,
                slowUs,
                timeoutMs,
                bindAddress,
                properties);
    }

    /** This job with another rest after each step. */
    public RankJob withPauseUs(long other) {
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                parameters,
                density,
                seed,
                other,
                slowRank,
                slowUs,
                timeoutMs,
                bindAddress,
                properties);
    }

    /** This job with one rank that is slower. */
    public RankJob withSlowRank(int rank, long us) {
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                parameters,
                density,
                seed,
                pauseUs,
                rank,
                us,
                timeoutMs,
                bindAddress,
                properties);
    }

    /** This job with another number of parameters and density. */
    public RankJob withParameters(int count, double share) {
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                count,
                share,
                seed,
                pauseUs,
                slowRank,
                slowUs,
                timeoutMs,
                bindAddress,
                properties);
    }

    /** This job with another deadline of every wait. */
    public RankJob withTimeoutMs(long other) {
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                parameters,
                density,
                seed,
                pauseUs,
                slowRank,
                slowUs,
                other,
                bindAddress,
                properties);
    }

    /** This job on another interface. */
    public RankJob withBindAddress(String other) {
        return new RankJob(
                transport,
                worldSize,
                generation,
                steps,
                parameters,
                density,
                seed,
                pauseUs,
                slowRank,
                slowUs,
                timeoutMs,
                other,
                properties);
    }

    /** One line without tabs. */
    String toLine() {
        StringBuilder line = new StringBuilder();
        Map<String, Object> fields = new TreeMap<>(Map.of(
                "transport", transport,
                "worldSize", worldSize,
                "generation", generation,
                "steps", steps,
                "parameters", parameters,
                "density", density,
                "seed", seed,
                "pauseUs", pauseUs));
        fields.putAll(
                Map.of("slowRank", slowRank, "slowUs", slowUs, "timeoutMs", timeoutMs, "bindAddress", bindAddress));
        properties.forEach((name, value) -> fields.put(PROPERTY + name, value));
        fields.forEach(
                (name, value) -> line.append(name).append('=').append(value).append(' '));
        return line.toString().trim();
    }

    static RankJob parse(String line) {
        Map<String, String> fields = new TreeMap<>();
        Map<String, String> properties = new TreeMap<>();
        for (String field : line.split(" ", -1)) {
            int equals = field.indexOf('=');
            String name = field.substring(0, equals);
            String value = field.substring(equals + 1);
            if (name.startsWith(PROPERTY)) {
                properties.put(name.substring(PROPERTY.length()), value);
            } else {
                fields.put(name, value);
            }
        }
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
