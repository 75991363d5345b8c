package org.dl4jscape.tests.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.LearningRates;
import org.dl4jscape.core.step.RankState;
import org.dl4jscape.core.step.ScapeStep;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What does a whole step cost beside the model, and does it allocate?
 *
 * <p>Two ranks, a thread each, over in-process collectives, with the closed form; the gradient is given. All ranks must take
 * the same number of steps, so an invocation batch has a fixed length. Run it with {@code -prof gc}: after warm-up {@code
 * gc.alloc.rate.norm} is what one step of one rank allocates. The baseline copies a float array of all parameters.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, batchSize = ScapeStepBenchmark.STEPS)
@Measurement(iterations = 3, batchSize = ScapeStepBenchmark.STEPS)
@Threads(ScapeStepBenchmark.RANKS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class ScapeStepBenchmark {
    static final int RANKS = 2;
    static final int STEPS = 60;

    /** For JMH. */
    public ScapeStepBenchmark() {}

    /** The group of both ranks. */
    @State(Scope.Benchmark)
    public static class Group {
        /** Number of parameters. */
        @Param("2000000")
        public int size;

        /** Fraction of them that is sent. */
        @Param("0.01")
        public double density;

        private InProcessGroup group = new InProcessGroup(RANKS, 1);

        /** Connects the ranks. */
        @Setup(Level.Trial)
        public void connect() {
            group = new InProcessGroup(RANKS, TimeUnit.SECONDS.toNanos(60));
        }
    }

    /** One rank. */
    @State(Scope.Thread)
    public static class Rank {
        private FloatBuffer parameters = FloatBuffer.allocate(0);
        private FloatBuffer gradient = FloatBuffer.allocate(0);
        private CopiedArray array = new CopiedArray(0);
        private final LearningRates rates = LearningRates.constant(1e-3);
        private ScapeStep step = build(new InProcessGroup(1, 1), 0, 1, 1, parameters);

        /** Builds it. */
        @Setup(Level.Trial)
        public void build(Group group, ThreadParams thread) {
            int rank = thread.getThreadIndex();
            Random random = new Random(rank);
            parameters = buffer(group.size, random);
            gradient = buffer(group.size, random);
            array = new CopiedArray(group.size);
            step = build(group.group, rank, RANKS, group.density, parameters);
        }

        private static FloatBuffer buffer(int size, Random random) {
            FloatBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES * size)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            for (int i = 0; i < size; i++) {
                buffer.put(i, random.nextFloat() - 0.5f);
            }
            return buffer;
        }

        private static ScapeStep build(
                InProcessGroup group, int rank, int ranks, double density, FloatBuffer parameters) {
            ScapeConfig config =
                    ScapeConfig.builder().density(density).warmupSteps(2).build();
            ShardLayout layout =
                    new ShardLayout(ParameterLayout.uniform(parameters.capacity(), AdamSConfig.defaults()), ranks);
            RankState state = new RankState(config, layout, rank, parameters);
            return new ScapeStep(
                    config, layout, state, group.collectives(rank), KernelsSelection.byName("vector"), List.of());
        }
    }

    /** The baseline, on every thread at once as the step is. */
    @Benchmark
    public Object arrayCopy(Rank rank, Group group) {
        return rank.array.copy();
    }

    /** The subject. */
    @Benchmark
    public Object step(Rank rank, Group group) {
        return rank.step.run(rank.parameters, rank.gradient, 1, 0, rank.rates);
    }
}
