package org.dl4jscape.examples.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.examples.model.DecoderShape;

/**
 * What one rank keeps in memory, in bytes, by formula: d parameters, N ranks.
 *
 * <p>Native: the flat views of parameters and gradients, and the state that Deeplearning4j gives its own updater, 4 d each. Heap:
 * the layers' copies of weights and gradients, 8 d; residual, 4 d; first moment and steps of the own shard, 8 d / N; noise of the
 * closed form and, with look-ahead, steps of all of d, up to 8 d; activations. What a checkpoint copies comes on top while it is
 * written.
 *
 * @param nativeBytes by name
 * @param heapBytes by name
 */
record MemoryNeed(Map<String, Long> nativeBytes, Map<String, Long> heapBytes) {
    /** Of one rank of a training. */
    static MemoryNeed of(DecoderShape shape, ScapeConfig config, int ranks, int batch) {
        long d = shape.parameters();
        boolean closed = config.catchUp().kind() == CatchUp.Kind.CLOSED_FORM;
        Map<String, Long> outside = new LinkedHashMap<>();
        outside.put("parameters", 4 * d);
        outside.put("gradients", 4 * d);
        outside.put("updater", 4 * d);
        Map<String, Long> heap = new LinkedHashMap<>();
        heap.put("layers", 8 * d);
        heap.put("residual", 4 * d);
        heap.put("moment", 4 * d / ranks);
        heap.put("lastSent", 4 * d / ranks);
        heap.put("noise", !closed ? 0 : config.lookAhead() ? 4 * d : 4 * d / ranks);
        heap.put("lookAhead", config.lookAhead() ? 4 * d : 0);
        heap.put("activations", 4 * shape.activationFloats(batch));
        return new MemoryNeed(outside, heap);
    }

    long heap() {
        return heapBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    long outside() {
        return nativeBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    long total() {
        return heap() + outside();
    }

    /**
     * Refuses a training that this JVM has no room for, before anything is allocated.
     *
     * @throws IllegalArgumentException with what is needed, what there is, and what to do
     */
    void require(String preset, int ranks) {
        require(preset, ranks, Runtime.getRuntime().maxMemory(), Pointer.maxBytes());
    }

    void require(String preset, int ranks, long heapLimit, long nativeLimit) {
        require(preset, ranks, "heap", ranks * heap(), heapLimit);
        require(preset, ranks, "native memory", ranks * outside(), nativeLimit);
    }

    private static void require(String preset, int ranks, String what, long needed, long limit) {
        if (needed > limit) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "--preset=%s with --ranks=%d needs %s of %s (expected: at most the %s of this JVM); use a smaller preset,"
                            + " --batch or --ranks, or set SCAPE_HEAP=%dg",
                    preset,
                    ranks,
                    gibibytes(needed),
                    what,
                    gibibytes(limit),
                    (needed >> 30) + 2));
        }
    }

    static String gibibytes(long bytes) {
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
    }
}
