package org.dl4jscape.cuda.driver;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the CUDA driver API that the launcher calls, under their C names; each returns 0 or an error number. Sizes
 * and device addresses are 64 bits.
 */
interface CudaDriver extends Library {
    /** Names the driver library, where it is not the system's. */
    String LIBRARY_PROPERTY = "org.dl4jscape.cuda.driver";

    /** The driver's library, as the linker knows it. */
    String SYSTEM_LIBRARY = "libcuda.so.1";

    /**
     * Loads the driver.
     *
     * @throws CudaException when there is none
     */
    static CudaDriver load() {
        String library = System.getProperty(LIBRARY_PROPERTY, SYSTEM_LIBRARY);
        try {
            return Native.loadLibrary(library, CudaDriver.class);
        } catch (UnsatisfiedLinkError missing) {
            throw new CudaException(
                    "there is no NVIDIA driver: " + library + " cannot be loaded; install a driver from version 450 on,"
                            + " or use kernels vector, which runs on the CPU",
                    missing);
        }
    }

    int cuInit(int flags);

    int cuDriverGetVersion(IntByReference version);

    int cuDeviceGetCount(IntByReference count);

    int cuDeviceGet(IntByReference device, int ordinal);

    int cuDeviceGetName(byte[] name, int length, int device);

    int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

    int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

    int cuDevicePrimaryCtxRelease_v2(int device);

    int cuCtxSetCurrent(Pointer context);

    int cuStreamCreate(PointerByReference stream, int flags);

    int cuStreamDestroy_v2(Pointer stream);

    int cuEventCreate(PointerByReference event, int flags);

    int cuEventRecord(Pointer event, Pointer stream);

    int cuEventSynchronize(Pointer event);

    int cuEventDestroy_v2(Pointer event);

    int cuModuleLoadData(PointerByReference module, byte[] image);

    int cuModuleGetFunction(PointerByReference function, Pointer module, String name);

    int cuMemAlloc_v2(LongByReference memory, long bytes);

    int cuMemFree_v2(long memory);

    int cuMemHostAlloc(PointerByReference memory, long bytes, int flags);

    int cuMemFreeHost(Pointer memory);

    int cuMemcpyHtoDAsync_v2(long target, Pointer source, long bytes, Pointer stream);

    int cuMemcpyDtoHAsync_v2(Pointer target, long source, long bytes, Pointer stream);

    int cuMemsetD32Async(long target, int value, long count, Pointer stream);

    // As many as the C function has.
    @SuppressWarnings("checkstyle:ParameterNumber")
    int cuLaunchKernel(
            Pointer function,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            Pointer stream,
            Pointer arguments,
            @Nullable Pointer extra);

    int cuGetErrorName(int error, PointerByReference name);
}
