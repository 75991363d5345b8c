package org.dl4jscape.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.dl4jscape.core.compute.ReferenceKernels;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
import org.dl4jscape.core.pack.ValueCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Each op through {@code Nd4j.exec}, on views with an offset, against the reference kernels. */
class OpsTest {
    private static final int N = 5003;

    private final ReferenceKernels reference = new ReferenceKernels();

    @Test
    void shouldAccumulateInPlaceOnViews() {
        float[] residual = Views.floats(1, N);
        float[] gradient = Views.floats(2, N);
        gradient[17] = Float.NaN;
        gradient[N - 1] = Float.NEGATIVE_INFINITY;
        float[] noise = new float[N];
        INDArray residualView = Views.of(residual);
        INDArray gradientView = Views.of(gradient);
        INDArray noiseView = Views.of(noise);
        INDArray count = Views.room(DataType.INT32, 1);

        Nd4j.exec(new Accumulate(residualView, gradientView, noiseView, count, 0.1, 0.99));

        FloatBuffer incoming = FloatBuffer.wrap(gradient);
        assertEquals(reference.accumulate(residual, incoming, 0, N, 0.1f), count.getInt(0));
        reference.trackNoise(noise, 0, incoming, 0, N, 0.99f);
        assertArrayEquals(residual, residualView.toFloatVector());
        assertArrayEquals(noise, noiseView.toFloatVector());
        for (INDArray view : new INDArray[] {residualView, gradientView, noiseView}) {
            assertTrue(Views.borderIsUntouched(view));
        }
    }

    @Test
    void shouldLeaveInputsAloneWhereOutputsHaveArraysOfTheirOwn() {
        float[] residual = Views.floats(1, N);
        INDArray input = Views.of(residual);
        INDArray indices = Views.ints(Views.mask(N, 3));
        Pack pack = new Pack(input, indices, Views.room(DataType.FLOAT, indices.length()));
        pack.setOutputArgument(1, Views.room(DataType.FLOAT, N));

        INDArray[] out = Nd4j.exec(pack);

        assertArrayEquals(residual, input.toFloatVector());
        assertEquals(0f, out[1].getFloat(3));
        assertEquals(residual[4], out[1].getFloat(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50, N - 1, N})
    void shouldSelectTheLargestOfAView(int k) {
        float[] values = Views.floats(3, N);
        for (int i = 0; i < N; i += 5) {
            values[i] = 2.5f;
        }
        int[] expected = new int[k];
        reference.selectLargest(values, N, k, expected, 0);

        INDArray[] out = Nd4j.exec(new SelectLargest(Views.of(values), k));

        assertEquals(DataType.INT32, out[0].dataType());
        assertArrayEquals(expected, k == 0 ? new int[0] : out[0].toIntVector());
    }

    @Test
    void shouldCountMagnitudesByTheirUpperBits() {
        float[] values = {0f, -0f, 1f, -1f, 1.124f, 2f, Float.NaN, Float.NEGATIVE_INFINITY};

        INDArray counts = Nd4j.exec(new MagnitudeHistogram(Views.of(values)))[0];

        int[] expected = new int[2048];
        expected[0] = 2;
        expected[Float.floatToIntBits(1f) >>> 20] = 3;
        expected[Float.floatToIntBits(2f) >>> 20] = 1;
        expected[Float.floatToIntBits(Float.POSITIVE_INFINITY) >>> 20] = 2;
        assertArrayEquals(expected, counts.toIntVector());
    }

    @Test
    void shouldPackAndUnpackInPlace() {
        float[] residual = Views.floats(4, N);
        int[] mask = Views.mask(N, 7);
        INDArray view = Views.of(residual);
        INDArray packed = Views.of(new float[mask.length]);

        Nd4j.exec(new Pack(view, Views.ints(mask), packed));

        float[] left = residual.clone();
        float[] taken = new float[mask.length];
        reference.pack(left, mask, 0, mask.length, taken, 0);
        assertArrayEquals(taken, packed.toFloatVector());
        assertArrayEquals(left, view.toFloatVector());
        Nd4j.exec(new Unpack(view, Views.ints(mask), packed));
        assertArrayEquals(residual, view.toFloatVector());
        assertTrue(Views.borderIsUntouched(view));
        assertTrue(Views.borderIsUntouched(packed));
    }

    @ParameterizedTest
    @EnumSource
    void shouldUpdateByEveryRule(UpdateRule rule) {
        int[] mask = Views.mask(N, 4);
        UpdateCall call = call(rule, mask);
        INDArray parameters = Views.of(call.parameters);
        INDArray moment = Views.of(call.moment);
        INDArray lastSent = Views.ints(call.lastSent);
        AdamSUpdate.Settings settings =
                new AdamSUpdate.Settings(rule, call.step, 8, 1e-3, 0.1, 0.9, 0.95, 1e-8, 0.75, 0.05, 0.5);

        Nd4j.exec(new AdamSUpdate(
                settings, parameters, Views.of(call.packed), Views.of(call.noise), moment, lastSent, Views.ints(mask)));

        reference.update(call);
        assertArrayEquals(call.parameters, parameters.toFloatVector());
        assertArrayEquals(call.moment, moment.toFloatVector());
        assertArrayEquals(call.lastSent, lastSent.toIntVector());
        assertTrue(Views.borderIsUntouched(moment));
    }

    private static UpdateCall call(UpdateRule rule, int[] mask) {
        UpdateCall call = new UpdateCall();
        call.rule = rule;
        call.step = 3000;
        call.cap = 8;
        call.learningRate = (float) 1e-3;
        call.decay = (float) (1 - 1e-3 * 0.1);
        call.setBeta1(0.9);
        call.beta2 = 0.95f;
        call.oneMinusBeta2 = (float) (1 - 0.95);
        call.epsilon = (float) 1e-8;
        call.correction = 0.75f;
        call.noiseFactor = 0.05f;
        call.clipScale = 0.5f;
        call.to = mask.length;
        call.indices = mask;
        call.packed = Views.floats(11, mask.length);
        call.parameters = Views.floats(12, mask.length);
        call.noise = new float[mask.length];
        Arrays.fill(call.noise, 0.3f);
        call.moment = Views.floats(13, N);
        call.lastSent = new int[N];
        for (int i = 0; i < N; i++) {
            call.lastSent[i] = call.step - 1 - i % 2500;
        }
        return call;
    }

    @Test
    void shouldClipToTheBoundAndSayTheNormBefore() {
        float[] values = {3f, -4f};
        INDArray view = Views.of(values);
        INDArray norm = Views.room(DataType.DOUBLE, 1);

        Nd4j.exec(new ClipNorm(view, norm, 1.0));

        assertEquals(5.0, norm.getDouble(0));
        assertArrayEquals(new float[] {3f * 0.2f, -4f * 0.2f}, view.toFloatVector());
        Nd4j.exec(new ClipNorm(view, norm, 2.0));
        assertArrayEquals(new float[] {3f * 0.2f, -4f * 0.2f}, view.toFloatVector(), "below the bound");
    }

    @Test
    void shouldRoundToSixteenBitsAsTheCodecDoes() {
        float[] values = Views.floats(5, N);
        values[0] = Float.MAX_VALUE;
        values[1] = Float.MIN_VALUE;
        values[2] = 0x1p-20f;
        float[] bf16 = new float[N];
        float[] fp16 = new float[N];
        for (int i = 0; i < N; i++) {
            bf16[i] = ValueCodec.fromBf16(ValueCodec.toBf16(values[i]));
            fp16[i] = ValueCodec.fromFp16(ValueCodec.toFp16(values[i]));
        }

        INDArray narrow = Nd4j.exec(new Narrow.ToBf16(Views.of(values)))[0];
        assertEquals(DataType.BFLOAT16, narrow.dataType());
        assertArrayEquals(bf16, Nd4j.exec(new Widen.FromBf16(narrow))[0].toFloatVector());
        INDArray half = Nd4j.exec(new Narrow.ToFp16(Views.of(values)))[0];
        assertEquals(DataType.FLOAT16, half.dataType());
        assertArrayEquals(fp16, Nd4j.exec(new Widen.FromFp16(half))[0].toFloatVector());
        assertEquals(fp16[4], half.getFloat(4), "what ND4J reads from the same bits");
    }

    @Test
    void shouldDecodeTheMaskThatItEncoded() {
        int[] mask = Views.mask(200_000, 113);

        INDArray[] encoded = Nd4j.exec(new MaskEncode(Views.ints(mask), 200_000));
        INDArray[] decoded = Nd4j.exec(new MaskDecode(encoded[0], encoded[1], 200_000, mask.length + 3));

        assertEquals(mask.length, decoded[1].getInt(0));
        int[] expected = Arrays.copyOf(mask, mask.length + 3);
        Arrays.fill(expected, mask.length, mask.length + 3, -1);
        assertArrayEquals(expected, decoded[0].toIntVector());
        assertTrue(encoded[1].getInt(0) < mask.length * 2, "about ten bits a position");
    }

    @Test
    void shouldRunCallsThatAreBuiltByName() {
        float[] values = Views.floats(6, N);
        int[] expected = new int[20];
        reference.selectLargest(values, N, 20, expected, 0);
        DynamicCustomOp call = DynamicCustomOp.builder("scape_select")
                .addInputs(Views.of(values))
                .addIntegerArguments(20)
                .build();

        INDArray[] out = Nd4j.exec(call);

        assertArrayEquals(expected, out[0].toIntVector());
        assertSame(out[0], call.getOutputArgument(0));
    }
}
