package org.dl4jscape.tests.benchmarks;

/** The baseline of all benchmarks: one float array copied into another of the same length, both warm. */
final class CopiedArray {
    private final float[] source;
    private final float[] target;

    CopiedArray(int length) {
        source = new float[length];
        target = new float[length];
        java.util.Arrays.fill(source, 1.5f);
        java.util.Arrays.fill(target, 0.5f);
    }

    float[] copy() {
        System.arraycopy(source, 0, target, 0, source.length);
        return target;
    }
}
