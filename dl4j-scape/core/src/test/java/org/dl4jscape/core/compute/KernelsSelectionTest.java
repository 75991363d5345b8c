package org.dl4jscape.core.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class KernelsSelectionTest {
    @Test
    void shouldPreferTheFastKernels() {
        assertEquals("vector", KernelsSelection.byName("auto").name());
    }

    @Test
    void shouldFindKernelsByName() {
        assertEquals("reference", KernelsSelection.byName("reference").name());
        assertEquals("vector", KernelsSelection.byName("vector").name());
    }

    @Test
    void shouldGiveEveryTrainingThreadItsOwn() {
        assertNotSame(KernelsSelection.byName("vector"), KernelsSelection.byName("vector"));
    }

    @Test
    void shouldListWhatIsThereWhenTheNameIsUnknown() {
        var unknown = assertThrows(IllegalArgumentException.class, () -> KernelsSelection.byName("cuda"));
        assertEquals("kernels=cuda (expected: auto or one of [vector, reference])", unknown.getMessage());
    }
}
