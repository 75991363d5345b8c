package org.dl4jscape.tests.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
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
 * What does the optimizer cost on the coordinates that were sent?
 *
 * <p>{@code density} is the fraction of a shard of {@code size} parameters that is updated, evenly spread. The baseline copies
 * as many floats as coordinates are updated, packed: 8 bytes each. The dense line must read and write moment, parameter and
 * step last sent, and read mean and index: 32 bytes; the closed form reads the noise too: 36, and where the mask is sparse
 * the moment and the age each cost a whole line of the cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 120, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class UpdateBenchmark {
    private static final int STEP = 1000;

    /** Parameters of the shard. */
    @Param("5000000")
    public int size;

    /** Fraction of them that is updated. */
    @Param({"1", "0.01"})
    public double density;

    /** Name of the kernels. */
    @Param("vector")
    public String kernels = "vector";

    private final UpdateCall call = new UpdateCall();
    private Kernels chosen = KernelsSelection.byName("reference");
    private CopiedArray array = new CopiedArray(0);

    /** For JMH. */
    public UpdateBenchmark() {}

    /** Draws the operands. */
    @Setup(Level.Trial)
    public void draw() {
        chosen = KernelsSelection.byName(kernels);
        int k = (int) (density * size);
        array = new CopiedArray(k);
        call.to = k;
        call.indices = new int[k];
        call.packed = new float[k];
        call.parameters = new float[k];
        call.noise = new float[k];
        call.moment = new float[size];
        call.lastSent = new int[size];
        call.setBeta1(0.9);
        call.beta2 = 0.95f;
        call.oneMinusBeta2 = 0.05f;
        call.epsilon = 1e-8f;
        call.learningRate = 1e-3f;
        call.decay = 1 - 1e-4f;
        call.noiseFactor = 0.05f;
        call.cap = 32;
        Random random = new Random(17);
        for (int j = 0; j < k; j++) {
            call.indices[j] = (int) (j / density);
            call.packed[j] = random.nextFloat() - 0.5f;
            call.parameters[j] = random.nextFloat() - 0.5f;
            call.noise[j] = 0.1f;
            call.moment[call.indices[j]] = random.nextFloat() - 0.5f;
        }
    }

    /** The baseline. */
    @Benchmark
    public Object arrayCopy() {
        return array.copy();
    }

    /** The AdamS line, as in the dense warm-up. */
    @Benchmark
    public Object adamS() {
        call.rule = UpdateRule.NONE;
        call.step = STEP;
        chosen.update(call);
        return call.parameters;
    }

    /** The closed form for coordinates that were last sent 50 steps ago. */
    @Benchmark
    public Object closedForm() {
        call.rule = UpdateRule.CLOSED_FORM;
        call.step += 50;
        chosen.update(call);
        return call.parameters;
    }
}
