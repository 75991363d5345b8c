package org.dl4jscape.tests.site;

import java.time.Duration;
import java.util.Locale;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;

/**
 * A default value as a reader wants to see it: sizes in KiB and MiB, durations in seconds and below.
 *
 * @param value markdown
 * @param isZero whether it is the number 0, which often means: chosen later
 */
record Shown(String value, boolean isZero) {
    static final Shown NOTHING = new Shown("–", false);

    static Shown of(String name, Object value) {
        if (value instanceof String text) {
            return new Shown(text.isEmpty() ? "empty" : "`" + withoutMachine(text) + "`", false);
        }
        if (value instanceof Duration duration) {
            return new Shown(duration(duration.toNanos()), false);
        }
        if (value instanceof Number number && (value instanceof Integer || value instanceof Long)) {
            long whole = number.longValue();
            return new Shown("`" + whole + "`" + readable(name, whole), whole == 0);
        }
        if (value instanceof Double number) {
            return new Shown("`" + (number.isInfinite() ? "infinity" : number.toString()) + "`", false);
        }
        if (value instanceof ScapeConfig) {
            return new Shown("`ScapeConfig.builder().build()`", false);
        }
        if (value.equals(AdamSConfig.defaults())) {
            return new Shown("`AdamSConfig.defaults()`", false);
        }
        boolean says = value instanceof Boolean || value instanceof Enum || value instanceof Record;
        return says ? new Shown("`" + value + "`", false) : NOTHING;
    }

    /** The same, where building replaces it by something else. */
    Shown becoming(Shown later) {
        return later.value.equals(value) ? this : new Shown(value + ", becomes " + later.value, false);
    }

    /** Units stand in names; this reads them. */
    static String unit(String name) {
        if (name.endsWith("Ns")) {
            return "ns";
        }
        if (name.endsWith("Length")) {
            return "bytes";
        }
        if (name.equals("denseBelow")) {
            return "values";
        }
        boolean steps = name.endsWith("Steps") || name.endsWith("RefreshInterval") || name.equals("statisticsInterval");
        return steps ? "steps" : "";
    }

    private static String readable(String name, long value) {
        if (value == 0) {
            return "";
        }
        return switch (unit(name)) {
            case "ns" -> " (" + duration(value) + ")";
            case "bytes" -> bytes(value).isEmpty() ? "" : " (" + bytes(value) + ")";
            default -> "";
        };
    }

    private static String duration(long ns) {
        if (ns % 1_000_000_000 == 0) {
            return ns / 1_000_000_000 + " s";
        }
        return ns % 1_000_000 == 0 ? ns / 1_000_000 + " ms" : String.format(Locale.ROOT, "%d us", ns / 1000);
    }

    private static String bytes(long size) {
        if (size % (1 << 20) == 0) {
            return (size >> 20) + " MiB";
        }
        return size % 1024 == 0 ? (size >> 10) + " KiB" : "";
    }

    /** The page must not depend on the machine that writes it. */
    private static String withoutMachine(String text) {
        return text.startsWith(System.getProperty("java.io.tmpdir", "/tmp")) ? "/dev/shm" : text;
    }
}
