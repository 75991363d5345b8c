package org.dl4jscape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.dl4jscape.cuda.ops.OpSet;
import org.dl4jscape.cuda.ops.ScapeOp;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

class ScapeOpsTest {
    /** An executioner that another library has put in place. */
    static final class ForeignExecutioner extends NativeOpExecutioner {}

    @Test
    void shouldBeInstalledByNd4jItself() {
        assertTrue(ScapeOps.installed(), Nd4j.getExecutioner().getClass().getName());
    }

    @Test
    void shouldInstallOnceHoweverOftenItIsAsked() {
        ScapeOps.install();
        OpExecutioner installed = Nd4j.getExecutioner();
        ScapeOps.install();

        assertSame(installed, Nd4j.getExecutioner());
    }

    @Test
    void shouldReplaceThePlainExecutioner() throws ReflectiveOperationException {
        withExecutioner(new NativeOpExecutioner(), () -> {
            assertFalse(ScapeOps.installed());
            ScapeOps.install();
            assertInstanceOf(ScapeExecutioner.class, Nd4j.getExecutioner());
        });
    }

    @Test
    void shouldRefuseAForeignExecutionerAndLeaveItInPlace() throws ReflectiveOperationException {
        ForeignExecutioner foreign = new ForeignExecutioner();
        withExecutioner(foreign, () -> {
            var refused = assertThrows(IllegalStateException.class, ScapeOps::install);
            assertTrue(String.valueOf(refused.getMessage()).contains("another library"), refused.getMessage());
            assertTrue(String.valueOf(refused.getMessage()).contains(ForeignExecutioner.class.getName()));
            new InstallOps().process("/bin");
            assertSame(foreign, Nd4j.getExecutioner());
        });
    }

    @Test
    void shouldRefuseNd4jsCudaBackendAndNameTheOther() {
        var refused = assertThrows(
                IllegalStateException.class,
                () -> ScapeOps.requirePlain("org.nd4j.linalg.jcublas.ops.executioner.CudaExecutioner"));

        assertTrue(
                String.valueOf(refused.getMessage()).contains("ND4J runs on its CUDA backend"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("use nd4j-native"), refused.getMessage());
    }

    @Test
    void shouldDescribeEveryOpBesideThoseOfNd4j() {
        var known = Nd4j.getExecutioner().getCustomOperations();
        Set<Long> hashes = new TreeSet<>();
        for (ScapeOp op : new OpSet().instances()) {
            CustomOpDescriptor descriptor = known.get(op.opName());
            assertEquals(op.getNumOutputs(), descriptor.getNumOutputs(), op.opName());
            assertTrue(hashes.add(descriptor.getHash()), op.opName() + " shares its hash");
            assertEquals(descriptor.getHash(), op.opHash(), op.opName());
        }
        assertTrue(known.containsKey("softmax"), "ND4J's own ops are gone");
        long sharing = known.values().stream()
                .filter(other -> hashes.contains(other.getHash()))
                .count();
        assertEquals(hashes.size(), sharing, "an op of ND4J has the hash of one of ours");
    }

    @Test
    void shouldLeaveNd4jsOwnOpsAsTheyAre() {
        INDArray values = Nd4j.createFromArray(1f, 2f, 3f);

        assertEquals(Nd4j.createFromArray(2f, 4f, 6f), values.add(values));
        assertEquals(
                1.0,
                Nd4j.nn().softmax(values.castTo(DataType.DOUBLE)).sumNumber().doubleValue(),
                1e-12);
    }

    private static void withExecutioner(OpExecutioner other, Runnable test) throws ReflectiveOperationException {
        Field field = Nd4j.class.getDeclaredField("OP_EXECUTIONER_INSTANCE");
        field.setAccessible(true);
        OpExecutioner before = Nd4j.getExecutioner();
        field.set(null, other);
        try {
            test.run();
        } finally {
            field.set(null, before);
        }
    }
}
