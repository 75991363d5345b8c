package org.dl4jscape.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dl4jscape.core.compute.UpdateRule;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What an op cannot work on is refused with a sentence, and nothing has changed. */
class OpRefusalsTest {
    private final INDArray values = Nd4j.createFromArray(1f, 2f, 3f, 4f, 5f, 6f);

    private static void assertRefused(CustomOp op, String... parts) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Nd4j.exec(op));
        for (String part : parts) {
            assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
        }
    }

    @Test
    void shouldRefuseAnotherElementType() {
        assertRefused(
                new SelectLargest(values.castTo(DataType.DOUBLE), 2),
                "scape_select: values has dtype DOUBLE (expected: FLOAT)",
                "castTo(DataType.FLOAT)");
        assertRefused(
                new Unpack(values, Nd4j.createFromArray(0L), Nd4j.createFromArray(9f)),
                "indices has dtype LONG (expected: INT)");
    }

    @Test
    void shouldRefuseElementsThatDoNotLieOneBehindTheOther() {
        INDArray column = values.reshape(3, 2).get(NDArrayIndex.all(), NDArrayIndex.point(1));

        assertRefused(new SelectLargest(column, 1), "values has element-wise stride 2 (expected: 1", "dup()");
    }

    @Test
    void shouldRefuseOutputsThatOverlapOtherOperands() {
        INDArray first = values.get(NDArrayIndex.interval(0, 4));
        INDArray second = values.get(NDArrayIndex.interval(2, 6));
        Unpack shifted = new Unpack(first, Views.ints(1), Nd4j.createFromArray(9f));
        shifted.setOutputArgument(0, second);

        assertRefused(shifted, "output target overlaps target", "the whole array of target");
        assertRefused(
                new Unpack(first, Views.ints(1), second.get(NDArrayIndex.interval(0, 1))),
                "output target overlaps packed in memory");
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, values.toFloatVector());
    }

    @Test
    void shouldRefuseLengthsThatDoNotFit() {
        assertRefused(
                new Unpack(values, Views.ints(0, 1), Nd4j.createFromArray(9f)),
                "packed has 1 elements (expected: 2, as indices)");
        assertRefused(new SelectLargest(values, 7), "k=7 (expected: 0 to the number of values, 6)");
        assertRefused(new SelectLargest(values, -1), "k=-1");
        assertRefused(new ClipNorm(values, Views.room(DataType.DOUBLE, 1), 0), "bound=0.0 (expected: above 0)");
    }

    @Test
    void shouldRefuseIndicesThatAreNoMaskAndChangeNothing() {
        for (int[] bad : List.of(new int[] {0, 6}, new int[] {-1, 2}, new int[] {3, 3}, new int[] {4, 2})) {
            assertRefused(
                    new Pack(values, Views.ints(bad), Views.room(DataType.FLOAT, 2)),
                    "scape_pack: indices[",
                    "expected: ascending, from 0 to 5");
        }
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, values.toFloatVector());
    }

    @Test
    void shouldRefuseAgesThatCannotBe() {
        AdamSUpdate.Settings settings =
                new AdamSUpdate.Settings(UpdateRule.CAPPED, 5, 4, 1e-3, 0.1, 0.9, 0.95, 1e-8, 1, 0.05, 1);
        INDArray one = Nd4j.createFromArray(1f);
        INDArray moment = Nd4j.createFromArray(1f, 1f);

        assertRefused(
                new AdamSUpdate(settings, one, one.dup(), one.dup(), moment, Views.ints(0, 5), Views.ints(1)),
                "lastSent[1]=5 (expected: 0 to the step 5 less 1)");
        assertArrayEquals(new float[] {1f}, one.toFloatVector());
    }

    @Test
    void shouldRefuseBytesThatAreNoMask() {
        INDArray[] encoded = Nd4j.exec(new MaskEncode(Views.ints(1, 5, 9), 100));
        encoded[0].putScalar(0, 7);

        assertRefused(new MaskDecode(encoded[0], encoded[1], 100, 10), "scape_mask_decode: unknown form 7");
        assertRefused(new MaskDecode(encoded[0], Views.ints(1_000), 100, 10), "length=1000");
        assertRefused(new MaskDecode(encoded[0], encoded[1], 100, 101), "domain=100, capacity=101");
    }

    @Test
    void shouldRefuseMissingInputsAndArguments() {
        assertRefused(
                DynamicCustomOp.builder("scape_select").addInputs(values).build(),
                "0 integer and 0 real arguments (expected: 1 and 0)");
        DynamicCustomOp pack = DynamicCustomOp.builder("scape_pack").build();
        pack.addInputArgument(values);
        assertRefused(pack, "scape_pack: 1 inputs");
    }
}
