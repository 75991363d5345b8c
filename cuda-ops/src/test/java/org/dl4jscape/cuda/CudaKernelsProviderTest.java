package org.dl4jscape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.cuda.driver.CudaException;
import org.dl4jscape.cuda.driver.EmulatedDriver;
import org.junit.jupiter.api.Test;

class CudaKernelsProviderTest {
    private static final Path NOWHERE = Path.of("/nowhere/libcuda.so.1");

    private final CudaKernelsProvider provider = new CudaKernelsProvider();

    private static Kernels choose(Path driver, String name) {
        return EmulatedDriver.with(driver, () -> KernelsSelection.byName(name));
    }

    @Test
    void shouldSayWhyCudaCannotBeChosenAndWhatToDo() {
        var refused = assertThrows(IllegalArgumentException.class, () -> choose(NOWHERE, "cuda"));
        String message = String.valueOf(refused.getMessage());

        assertTrue(message.startsWith("kernels=cuda cannot run here: there is no NVIDIA driver"), message);
        assertTrue(message.contains("use kernels vector"), message);
    }

    @Test
    void shouldBeChosenByNameWhereThereIsADevice() {
        Kernels chosen = choose(EmulatedDriver.library(), "cuda");

        assertInstanceOf(CudaKernels.class, chosen).close();
    }

    @Test
    void shouldNotBeChosenByAutoEvenWhereThereIsADevice() {
        assertEquals("vector", choose(EmulatedDriver.library(), "auto").name());
        assertEquals("vector", choose(NOWHERE, "auto").name());
    }

    @Test
    void shouldBeNamedAmongTheKernelsThereAre() {
        var refused = assertThrows(IllegalArgumentException.class, () -> KernelsSelection.byName("opencl"));

        assertTrue(
                String.valueOf(refused.getMessage()).contains("[vector, nd4j, cuda, reference]"), refused.getMessage());
    }

    @Test
    void shouldRefuseToCreateWithTheSameSentence() {
        String reason = EmulatedDriver.with(NOWHERE, provider::unavailableBecause);

        var refused = assertThrows(CudaException.class, () -> EmulatedDriver.with(NOWHERE, provider::create));
        assertEquals(reason, refused.getMessage());
    }
}
