package org.dl4jscape.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.dl4jscape.cuda.driver.EmulatedDriver.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may be missing on a machine, on an emulated one. */
class CudaDeviceTest {
    private static final int DRIVER = 12_040;
    private static final long GIB = 1L << 30;

    private Machine machine;

    @BeforeEach
    void emulate() {
        machine = EmulatedDriver.machine();
        machine.scape_emulate(DRIVER, 1, 80, GIB);
    }

    @AfterEach
    void restore() {
        machine.scape_emulate(DRIVER, 1, 90, 4 * GIB);
    }

    private static void assertUnavailable(String... parts) {
        String reason = EmulatedDriver.with(EmulatedDriver.library(), CudaDevice::unavailableBecause);
        for (String part : parts) {
            assertTrue(reason.contains(part), reason);
        }
        var refused = assertThrows(CudaException.class, EmulatedDriver::open);
        assertEquals(reason, refused.getMessage());
    }

    @Test
    void shouldSayThatThereIsNoDriver() {
        String reason = EmulatedDriver.with(Path.of("/nowhere/libcuda.so.1"), CudaDevice::unavailableBecause);

        assertTrue(reason.startsWith("there is no NVIDIA driver: /nowhere/libcuda.so.1 cannot be loaded"), reason);
        assertTrue(reason.contains("use kernels vector"), reason);
    }

    @Test
    void shouldSayThatThereIsNoGpu() {
        machine.scape_emulate(DRIVER, 0, 80, GIB);

        assertUnavailable("no usable GPU (100 CUDA_ERROR_NO_DEVICE)", "use kernels vector");
    }

    @Test
    void shouldSayThatTheDriverIsTooOld() {
        machine.scape_emulate(10_020, 1, 80, GIB);

        assertUnavailable("supports CUDA 10.2 (expected: 11.0 or later)", "version 450 or later");
    }

    @Test
    void shouldSayThatTheCardIsTooOld() {
        machine.scape_emulate(DRIVER, 1, 70, GIB);

        assertUnavailable("emulated on the CPU has compute capability 7.0 (expected: 7.5 or later)");
    }

    @Test
    void shouldSayWhatWasAskedForWhenMemoryRunsOut() {
        machine.scape_emulate(DRIVER, 1, 80, 1 << 20);
        try (CudaDevice device = EmulatedDriver.open()) {
            new DeviceArray(device).reserve(100_000);
            DeviceArray more = new DeviceArray(device);

            var refused = assertThrows(CudaException.class, () -> more.reserve(200_000));

            assertTrue(
                    String.valueOf(refused.getMessage())
                            .contains("no memory left: 800000 bytes were asked for, 400000 are held"),
                    refused.getMessage());
        }
    }

    @Test
    void shouldFreeWhatItAllocated() {
        long before = machine.scape_emulated_bytes();
        try (CudaDevice device = EmulatedDriver.open()) {
            DeviceArray array = new DeviceArray(device).reserve(10);
            array.reserve(5_000);
            assertEquals(before + 20_000, machine.scape_emulated_bytes(), "what grew was freed before");
        }
        assertEquals(before, machine.scape_emulated_bytes());
    }

    @Test
    void shouldMoveMoreThanTheStagingMemoryHolds() {
        int n = Staging.HALF_BYTES / Float.BYTES * 4 + 77;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        float[] back = new float[n + 5];
        try (CudaDevice device = EmulatedDriver.open()) {
            new DeviceArray(device).upload(values, 0, n).download(back, 5, n);
        }
        for (int i = 0; i < n; i++) {
            assertEquals(values[i], back[i + 5], 0f, () -> "a value of " + n);
        }
    }

    @Test
    void shouldRefuseAKernelThatThereIsNot() {
        try (CudaDevice device = EmulatedDriver.open()) {
            var refused =
                    assertThrows(CudaException.class, () -> device.launch("scape_nothing", 1, new KernelArguments()));

            assertTrue(String.valueOf(refused.getMessage()).contains("no PTX has a kernel scape_nothing"));
        }
    }

    @Test
    void shouldReportAFailedCallWithItsName() {
        try (CudaDevice device = EmulatedDriver.open()) {
            var failed =
                    assertThrows(CudaException.class, () -> device.launch("scape_scale", 0, new KernelArguments()));

            assertTrue(String.valueOf(failed.getMessage()).startsWith("launch of scape_scale failed on emulated"));
        }
    }
}
