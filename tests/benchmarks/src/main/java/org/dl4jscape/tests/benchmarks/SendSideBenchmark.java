package org.dl4jscape.tests.benchmarks;

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
 * What does a rank pay for a step before anything travels: accumulate, select and pack on all parameters of one rank?
 *
 * <p>The baseline copies one float array of as many values as there are parameters: 4 bytes read and 4 written a parameter.
 * The subject must move more than that, and is compared all the same: gradient read (4), residual read and written (8),
 * moment and residual read by the selection (8), and with the age weight the step last sent (4): 20 and 24 bytes. So no
 * implementation in two passes can come below 2.5 and 3 copies.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class SendSideBenchmark {
    /** For JMH. */
    public SendSideBenchmark() {}

    /** Sizes, shared by all. */
    @State(Scope.Thread)
    public static class Size {
        /** Number of parameters. */
        @Param("25000000")
        public int size;

        /** Fraction of them that is sent. */
        @Param({"0.01", "0.1"})
        public double density;
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

    /** One rank with the statistic of catch-up rules none and capped. */
    @State(Scope.Thread)
    public static class Plain {
        /** Name of the kernels. */
        @Param("vector")
        public String kernels = "vector";

        private Kernels chosen = KernelsSelection.byName("reference");
        private StationaryState state = new StationaryState(1, 1, false);

        /** Draws it. */
        @Setup(Level.Trial)
        public void draw(Size size) {
            chosen = KernelsSelection.byName(kernels);
            state = new StationaryState(size.size, size.density, false);
        }
    }

    /** One rank with the statistic of the closed form. */
    @State(Scope.Thread)
    public static class ByAge {
        /** Name of the kernels. */
        @Param("vector")
        public String kernels = "vector";

        private Kernels chosen = KernelsSelection.byName("reference");
        private StationaryState state = new StationaryState(1, 1, true);

        /** Draws it. */
        @Setup(Level.Trial)
        public void draw(Size size) {
            chosen = KernelsSelection.byName(kernels);
            state = new StationaryState(size.size, size.density, true);
        }
    }

    /** The baseline. */
    @Benchmark
    public Object arrayCopy(Baseline baseline) {
        return baseline.array.copy();
    }

    /** Accumulate, select by |m + e|, pack. */
    @Benchmark
    public Object accumulateSelectPack(Plain rank) {
        rank.state.send(rank.chosen);
        return rank.state.packed;
    }

    /** Accumulate, select by |m + e| * sqrt(age + 1), pack. */
    @Benchmark
    public Object accumulateSelectPackByAge(ByAge rank) {
        rank.state.send(rank.chosen);
        return rank.state.packed;
    }

    /** The first of the three alone. */
    @Benchmark
    public int accumulate(Plain rank) {
        StationaryState state = rank.state;
        return rank.chosen.accumulate(state.residual, state.gradient, 0, state.residual.length, 1e-9f);
    }
}
