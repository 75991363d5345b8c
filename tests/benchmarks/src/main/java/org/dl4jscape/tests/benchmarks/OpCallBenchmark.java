package org.dl4jscape.tests.benchmarks;

import java.util.concurrent.TimeUnit;
import org.dl4jscape.cuda.ops.Unpack;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to call an op at all? Eight values, two of them masked; the baseline is ND4J's own custom op {@code add}
 * on eight values. Both are made anew for each call, as users do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class OpCallBenchmark {
    private final INDArray target = Nd4j.createFromArray(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
    private final INDArray other = target.dup();
    private final INDArray indices = Nd4j.createFromArray(2, 5);
    private final INDArray packed = Nd4j.createFromArray(0.5f, 0.25f);

    /** For JMH. */
    public OpCallBenchmark() {}

    /** ND4J's {@code add}. */
    @Benchmark
    public Object nd4jAddBaseline() {
        return Nd4j.exec(DynamicCustomOp.builder("add")
                .addInputs(target, other)
                .addOutputs(target)
                .build());
    }

    /** {@code scape_unpack}, in place. */
    @Benchmark
    public Object scapeUnpack() {
        return Nd4j.exec(new Unpack(target, indices, packed));
    }
}
