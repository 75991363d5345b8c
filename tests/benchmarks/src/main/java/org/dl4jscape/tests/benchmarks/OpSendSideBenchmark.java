package org.dl4jscape.tests.benchmarks;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.cuda.ops.Accumulate;
import org.dl4jscape.cuda.ops.Pack;
import org.dl4jscape.cuda.ops.SelectLargest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
 * What does the send side cost by {@code scape_} ops on ND4J's arrays, beside the kernels {@code nd4j} and {@code vector} on
 * the same state in heap arrays?
 *
 * <p>Accumulate (the op tracks the noise too: 8 bytes more a parameter), select by the residual (the kernels by moment and
 * residual), pack; 1 % is sent. The gradient stays the same, so a coordinate grows until it is sent: see {@link
 * StationaryState}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "-Dorg.bytedeco.javacpp.maxbytes=2g"})
public class OpSendSideBenchmark {
    private static final double DENSITY = 0.01;

    /** For JMH. */
    public OpSendSideBenchmark() {}

    /** Number of parameters. */
    @State(Scope.Thread)
    public static class Size {
        /** Number of parameters. */
        @Param("25000000")
        public int size;
    }

    /** Two arrays. */
    @State(Scope.Thread)
    public static class Baseline {
        private CopiedArray array = new CopiedArray(0);

        /** Fills them. */
        @Setup(Level.Trial)
        public void fill(Size size) {
            array = new CopiedArray(size.size);
        }
    }

    /** A rank whose state lies in heap arrays. */
    @State(Scope.Thread)
    public static class HeapState {
        /** Name of the kernels. */
        @Param({"nd4j", "vector"})
        public String kernels = "vector";

        private Kernels chosen = KernelsSelection.byName("reference");
        private StationaryState state = new StationaryState(1, 1, false);

        /** Draws it. */
        @Setup(Level.Trial)
        public void draw(Size size) {
            chosen = KernelsSelection.byName(kernels);
            state = new StationaryState(size.size, DENSITY, false);
        }
    }

    /** The same rank, whose state lies in ND4J's arrays. */
    @State(Scope.Thread)
    public static class ArrayState {
        private INDArray residual = Nd4j.scalar(0f);
        private INDArray gradient = Nd4j.scalar(0f);
        private INDArray noise = Nd4j.scalar(0f);
        private INDArray indices = Nd4j.scalar(0);
        private INDArray packed = Nd4j.scalar(0f);
        private final INDArray count = Nd4j.create(DataType.INT32, 1);

        /** Draws it. */
        @Setup(Level.Trial)
        public void draw(Size size) {
            StationaryState drawn = new StationaryState(size.size, DENSITY, false);
            float[] values = new float[size.size];
            drawn.gradient.get(0, values);
            gradient = Nd4j.createFromArray(values);
            residual = Nd4j.createFromArray(drawn.residual);
            noise = Nd4j.create(DataType.FLOAT, size.size);
            indices = Nd4j.create(DataType.INT32, drawn.selection.k);
            packed = Nd4j.create(DataType.FLOAT, drawn.selection.k);
        }

        INDArray send() {
            Nd4j.exec(new Accumulate(residual, gradient, noise, count, StationaryState.UNIT, 0.99));
            Nd4j.exec(new SelectLargest(residual, indices));
            Nd4j.exec(new Pack(residual, indices, packed));
            return packed;
        }
    }

    /** Values for ND4J's selection. */
    @State(Scope.Thread)
    public static class Candidates {
        /** Number of values. */
        @Param({"100000", "1000000"})
        public int candidates;

        private INDArray values = Nd4j.scalar(0f);

        /** Draws them. */
        @Setup(Level.Trial)
        public void draw() {
            Random random = new Random(3);
            float[] drawn = new float[candidates];
            for (int i = 0; i < candidates; i++) {
                drawn[i] = (float) random.nextGaussian();
            }
            values = Nd4j.createFromArray(drawn);
        }

        int k() {
            return candidates / 100;
        }
    }

    /** The baseline. */
    @Benchmark
    public Object arrayCopy(Baseline baseline) {
        return baseline.array.copy();
    }

    /** Accumulate, select and pack by three ops. */
    @Benchmark
    public Object ops(ArrayState rank) {
        return rank.send();
    }

    /** Accumulate, select and pack by kernels. */
    @Benchmark
    public Object kernels(HeapState rank) {
        rank.state.send(rank.chosen);
        return rank.state.packed;
    }

    /** 1 % of some values by {@code scape_select}. */
    @Benchmark
    public Object selectFew(Candidates few) {
        return Nd4j.exec(new SelectLargest(few.values, few.k()));
    }

    /** The same by ND4J's {@code top_k}, of values instead of magnitudes. */
    @Benchmark
    public Object nd4jTopKOfFew(Candidates few) {
        return Arrays.asList(
                Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.custom.TopK(few.values, few.k(), true)));
    }
}
