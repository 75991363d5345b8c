package org.dl4jscape.tests.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.mask.MaskCodec;
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
 * What does it cost to make a mask small, and how small does it get?
 *
 * <p>The baseline copies the mask's positions as they are, 4 bytes each. The codec picks the smallest form for every block of
 * 65,536 parameters; {@link #form()} says which it was, and {@link #encodedBytes()} how many bytes all took.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 120, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class MaskCodecBenchmark {
    private static final String[] FORMS = {"empty", "full", "bitmap", "offsets", "rice"};

    /** Parameters of the shard. */
    @Param("5000000")
    public int size;

    /** Fraction of them in the mask; each is in it with this probability. */
    @Param({"0.5", "0.1", "0.01", "0.001"})
    public double density;

    private final MaskCodec codec = new MaskCodec();
    private int[] positions = new int[0];
    private int[] decoded = new int[0];
    private byte[] bytes = new byte[0];
    private int count;
    private int end;

    /** For JMH. */
    public MaskCodecBenchmark() {}

    /** Draws the mask. */
    @Setup(Level.Trial)
    public void draw() {
        positions = new int[size];
        decoded = new int[size];
        bytes = new byte[MaskCodec.maxEncodedBytes(size)];
        Random random = new Random(13);
        count = 0;
        for (int i = 0; i < size; i++) {
            if (random.nextFloat() < density) {
                positions[count++] = i;
            }
        }
        end = codec.encode(positions, 0, count, size, bytes, 0);
    }

    /** Bytes of the encoded mask. */
    int encodedBytes() {
        return end;
    }

    /** Share of the parameters that were drawn into the mask. */
    double drawnDensity() {
        return (double) count / size;
    }

    /** The form that the codec chose for the first block. */
    String form() {
        return FORMS[bytes[0] & 7];
    }

    /** The baseline. */
    @Benchmark
    public Object arrayCopy() {
        System.arraycopy(positions, 0, decoded, 0, count);
        return decoded;
    }

    /** Positions to bytes. */
    @Benchmark
    public int encode() {
        return codec.encode(positions, 0, count, size, bytes, 0);
    }

    /** Bytes to positions, all checks on. */
    @Benchmark
    public int decode() {
        return codec.decode(bytes, 0, end, size, decoded, 0);
    }
}
