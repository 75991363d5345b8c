package org.dl4jscape.tests.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that a benchmark's algorithm must read and write, in units of the baseline, which moves 8 an element: what the ratio
 * would be if memory were the only cost. Each class says in its description what is counted.
 */
final class LimitBytes {
    private static final double COPY = 8;
    /** A line of the cache, read and written back. */
    private static final int TOUCHED_LINE = 128;

    private LimitBytes() {}

    static @Nullable Double ratioToCopy(Measured measured, @Nullable MaskCodecBenchmark mask) {
        boolean dense = measured.density() == 1;
        return switch (measured.method()) {
            case "accumulate" -> 12 / COPY;
            case "accumulateSelectPack" -> 20 / COPY;
            case "accumulateSelectPackByAge" -> 24 / COPY;
            case "select" -> 4 / COPY;
            case "adamS" -> (16 + (dense ? 16 : 2 * TOUCHED_LINE)) / COPY;
            case "closedForm" -> (20 + (dense ? 16 : 2 * TOUCHED_LINE)) / COPY;
            case "encode", "decode" -> mask == null ? null : codec(mask);
            default -> null;
        };
    }

    private static double codec(MaskCodecBenchmark mask) {
        double positions = mask.drawnDensity() * mask.size;
        return Math.round(1000 * (4 + mask.encodedBytes() / positions) / COPY) / 1000.0;
    }
}
