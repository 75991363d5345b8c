package org.dl4jscape.tests.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Is exact selection linear in the number of values, and does it stay so for inputs that break histograms?
 *
 * <p>Selects from an array that is written down already. The baseline copies the same array: 4 bytes read and 4 written a
 * value; selection must read 4.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 120, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class SelectionBenchmark {
    /** What the values look like. */
    public enum Input {
        /** Normally distributed. */
        GAUSSIAN,
        /** One value: every one ties with every other. */
        ALL_EQUAL,
        /** The upper 22 bits agree: the first two histograms tell nothing. */
        EQUAL_LEADING_BITS,
        /** The largest come last. */
        ASCENDING,
        /** The largest come first. */
        DESCENDING
    }

    /** Number of values. */
    @Param({"100000", "1000000", "5000000", "25000000"})
    public int size;

    /** Fraction that is selected. */
    @Param("0.01")
    public double density;

    /** What the values look like. */
    @Param("GAUSSIAN")
    public Input input = Input.GAUSSIAN;

    /** Name of the kernels. */
    @Param("vector")
    public String kernels = "vector";

    private Kernels chosen = KernelsSelection.byName("reference");
    private float[] values = new float[0];
    private float[] target = new float[0];
    private int[] selected = new int[0];

    /** For JMH. */
    public SelectionBenchmark() {}

    /** Draws the values. */
    @Setup(Level.Trial)
    public void draw() {
        chosen = KernelsSelection.byName(kernels);
        values = new float[size];
        target = new float[size];
        selected = new int[Math.max(1, (int) Math.round(size * density))];
        Random random = new Random(11);
        for (int i = 0; i < size; i++) {
            values[i] = switch (input) {
                // A sum of four uniforms is near enough and quickly drawn.
                case GAUSSIAN -> random.nextFloat() + random.nextFloat() - random.nextFloat() - random.nextFloat();
                case ALL_EQUAL -> 0.25f;
                case EQUAL_LEADING_BITS -> Float.intBitsToFloat(0x3f800000 | random.nextInt(512));
                case ASCENDING -> 1f + i;
                case DESCENDING -> (float) size - i;
            };
        }
    }

    /** The baseline. */
    @Benchmark
    public Object arrayCopy() {
        System.arraycopy(values, 0, target, 0, size);
        return target;
    }

    /** The subject. */
    @Benchmark
    public Object select() {
        chosen.selectLargest(values, size, selected.length, selected, 0);
        return selected;
    }
}
