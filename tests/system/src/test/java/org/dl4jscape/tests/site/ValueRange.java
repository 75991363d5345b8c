package org.dl4jscape.tests.site;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which values a setting takes, found out by asking the code: values are tried, and what a refusal says in {@code (expected:
 * ...)} is the range.
 */
final class ValueRange {
    private static final Pattern EXPECTED = Pattern.compile("^(.*?)\\(expected: (.*?)\\)(?:$|[;,])");

    private ValueRange() {}

    /** Gives a value to a setting, and does all that checks it. */
    @FunctionalInterface
    interface Trial {
        void run(Object value) throws ReflectiveOperationException;
    }

    /** The range of a setting of some type, as markdown. */
    static String of(String name, Class<?> type, Trial trial) {
        if (type.isEnum()) {
            return constants(name, type, trial);
        }
        if (type == boolean.class) {
            return "`true`, `false`";
        }
        Set<String> expectations = new LinkedHashSet<>();
        for (Object value : probes(type)) {
            String expected = refusal(name, trial, value);
            if (!expected.isEmpty()) {
                expectations.add(expected);
            }
        }
        return expectations.isEmpty() ? "any " + word(type) : String.join("; ", expectations);
    }

    /** What the code says of a value that it refuses, empty if it takes it. */
    static String refusal(String name, Trial trial, Object value) {
        try {
            trial.run(value);
            return "";
        } catch (InvocationTargetException e) {
            String message = String.valueOf(e.getCause().getMessage());
            Matcher found = EXPECTED.matcher(message);
            return found.find() && found.group(1).contains(name) ? expectation(found.group(1), found.group(2)) : "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " cannot be tried", e);
        }
    }

    /** What holds together with another setting only says so. */
    private static String expectation(String subject, String expected) {
        int with = subject.indexOf(" with ");
        return "`" + expected + "`" + (with < 0 ? "" : subject.substring(with).stripTrailing());
    }

    private static String constants(String name, Class<?> type, Trial trial) {
        StringBuilder all = new StringBuilder();
        for (Object constant : type.getEnumConstants()) {
            if (refusal(name, trial, constant).isEmpty()) {
                all.append(all.isEmpty() ? "" : ", ")
                        .append('`')
                        .append(constant)
                        .append('`');
            }
        }
        return all.toString();
    }

    private static List<?> probes(Class<?> type) {
        if (type == int.class) {
            return List.of(Integer.MIN_VALUE, -1, 0, 33, 1_000, 1_000_001, 500_000_001);
        }
        if (type == long.class) {
            return List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE);
        }
        if (type == double.class) {
            return List.of(Double.NaN, Double.NEGATIVE_INFINITY, 0.0);
        }
        if (type == Duration.class) {
            return List.of(Duration.ZERO);
        }
        return type == String.class ? List.of("") : List.of();
    }

    private static String word(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        return type.isPrimitive() ? type.getSimpleName().toLowerCase(Locale.ROOT) : "`" + type.getSimpleName() + "`";
    }
}
