package org.dl4jscape.examples.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One side of a comparison.
 *
 * @param name {@code dense}, or a rule and the sparsity in percent: {@code look-ahead-99}, {@code capped-90}
 * @param arguments of {@code pretrain} that make it
 */
record Arm(String name, List<String> arguments) {
    private static final Pattern SPARSE =
            Pattern.compile("(look-ahead|closed-form|capped|none)-(\\d{1,2}(?:\\.\\d+)?)");
    private static final Map<String, List<String>> RULES = Map.of(
            "look-ahead", List.of("--catch-up", "closed-form", "--look-ahead"),
            "closed-form", List.of("--catch-up", "closed-form", "--no-look-ahead"),
            "capped", List.of("--catch-up", "capped"),
            "none", List.of("--catch-up", "none"));

    /**
     * The one of a name.
     *
     * @throws IllegalArgumentException when the name says nothing
     */
    static Arm of(String name) {
        if (name.equals("dense")) {
            return new Arm(name, List.of("--exchange", "dense"));
        }
        Matcher sparse = SPARSE.matcher(name);
        if (!sparse.matches()) {
            throw new IllegalArgumentException("--arms: " + name
                    + " (expected: dense, or look-ahead, closed-form, capped or none with the sparsity in percent, such as"
                    + " capped-99)");
        }
        BigDecimal kept = BigDecimal.valueOf(100).subtract(new BigDecimal(sparse.group(2)));
        List<String> arguments = new java.util.ArrayList<>(RULES.getOrDefault(sparse.group(1), List.of()));
        arguments.addAll(List.of("--density", kept.movePointLeft(2).toPlainString()));
        return new Arm(name, List.copyOf(arguments));
    }
}
