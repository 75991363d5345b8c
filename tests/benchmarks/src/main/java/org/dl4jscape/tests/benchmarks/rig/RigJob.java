package org.dl4jscape.tests.benchmarks.rig;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the ranks of one measurement do.
 *
 * @param subject name of a transport with what it does, such as {@code aeron dense}, or {@code tcp-ring}, {@code bare-aeron}
 * @param ranks how many
 * @param bytes of the whole array, in fp32; of one rank's block where blocks are gathered
 * @param warmup rounds that do not count
 * @param rounds that count
 * @param properties of the transport, and of the subject with a dot before their name
 */
record RigJob(String subject, int ranks, int bytes, int warmup, int rounds, Map<String, String> properties) {
    RigJob {
        properties = Map.copyOf(properties);
    }

    static RigJob of(String subject, int ranks, int bytes, int rounds) {
        return new RigJob(subject, ranks, bytes, Math.max(2, rounds / 4), rounds, Map.of());
    }

    RigJob with(String name, String value) {
        Map<String, String> more = new TreeMap<>(properties);
        more.put(name, value);
        return new RigJob(subject, ranks, bytes, warmup, rounds, more);
    }

    /** A property of the subject, or its default. */
    double number(String name, double otherwise) {
        return Double.parseDouble(properties.getOrDefault("." + name, Double.toString(otherwise)));
    }

    /** What the transport is told. */
    Map<String, String> transportProperties() {
        Map<String, String> told = new TreeMap<>(properties);
        told.keySet().removeIf(name -> name.startsWith("."));
        return told;
    }

    /** One line; fields between tabs. */
    String toLine() {
        StringBuilder line = new StringBuilder()
                .append(subject)
                .append('\t')
                .append(ranks)
                .append('\t')
                .append(bytes)
                .append('\t')
                .append(warmup)
                .append('\t')
                .append(rounds);
        new TreeMap<>(properties)
                .forEach((name, value) ->
                        line.append('\t').append(name).append('=').append(value));
        return line.toString();
    }

    static RigJob parse(String line) {
        String[] fields = line.split("\t", -1);
        Map<String, String> properties = new TreeMap<>();
        for (int i = 5; i < fields.length; i++) {
            int equals = fields[i].indexOf('=');
            properties.put(fields[i].substring(0, equals), fields[i].substring(equals + 1));
        }
        return new RigJob(
                fields[0],
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                Integer.parseInt(fields[4]),
                properties);
    }
}
