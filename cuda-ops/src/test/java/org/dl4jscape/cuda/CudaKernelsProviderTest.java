package org.dl4jscape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jscape.core.compute.KernelsSelection;
import org.junit.jupiter.api.Test;

class CudaKernelsProviderTest {
    private final CudaKernelsProvider provider = new CudaKernelsProvider();

    @Test
    void shouldSayWhyCudaCannotBeChosenAndWhatToDo() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> KernelsSelection.byName("cuda"));

        assertEquals("kernels=cuda cannot run here: " + provider.unavailableBecause(), refused.getMessage());
        assertTrue(refused.getMessage().contains("no compiled CUDA kernels"), refused.getMessage());
        assertTrue(refused.getMessage().contains("use kernels vector"), refused.getMessage());
    }

    @Test
    void shouldNeverBeChosenByAuto() {
        assertEquals("vector", KernelsSelection.byName("auto").name());
    }

    @Test
    void shouldBeNamedAmongTheKernelsThereAre() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> KernelsSelection.byName("opencl"));

        assertTrue(refused.getMessage().contains("cuda"), refused.getMessage());
    }

    @Test
    void shouldRefuseToCreateWithTheSameSentence() {
        UnsupportedOperationException refused = assertThrows(UnsupportedOperationException.class, provider::create);

        assertEquals(provider.unavailableBecause(), refused.getMessage());
    }
}
