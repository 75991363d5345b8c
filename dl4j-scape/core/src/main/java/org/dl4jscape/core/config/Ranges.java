package org.dl4jscape.core.config;

/** The range checks of configuration values; a message states name, value and expectation. */
final class Ranges {
    private Ranges() {}

    static void checkDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: 0 <= " + name + " < 1)");
        }
    }

    static void checkPositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: finite and > 0)");
        }
    }

    static void checkNonNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: finite and >= 0)");
        }
    }

    static void checkAtLeast(String name, long value, long smallest) {
        if (value < smallest) {
            throw new IllegalArgumentException(name + "=" + value + " (expected: >= " + smallest + ")");
        }
    }
}
