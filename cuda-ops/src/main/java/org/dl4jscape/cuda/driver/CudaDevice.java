package org.dl4jscape.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One GPU with a stream of its own and the kernels of this module loaded. Belongs to one thread; {@link #close} frees what
 * it allocated.
 *
 * <p>Uses the device's primary context, which ND4J's CUDA backend uses too, so both can live in one process.
 *
 * <p>No card has run this yet.
 */
public final class CudaDevice implements AutoCloseable {
    /** Threads of a block; the kernels are written for it. */
    public static final int THREADS = 256;

    /** Elements of a tile of the selection. */
    public static final int TILE = 4096;

    private static final int OLDEST_DRIVER = 11_000;
    private static final int OLDEST_CAPABILITY = 75;
    private static final int MULTIPROCESSORS = 16;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int BLOCKS_PER_MULTIPROCESSOR = 8;
    private static final int OUT_OF_MEMORY = 2;
    private static final int NON_BLOCKING = 1;

    private final CudaDriver driver;
    private final int device;
    private final String name;
    private final Pointer context;
    private final Pointer stream;
    private final int mostBlocks;
    private final Staging staging;
    private final Map<String, Pointer> functions = new HashMap<>();
    private final Map<Long, Long> memory = new HashMap<>();

    private CudaDevice(CudaDriver driver, int device) {
        this.driver = driver;
        this.device = device;
        name = name(driver, device);
        PointerByReference made = new PointerByReference();
        check(driver.cuDevicePrimaryCtxRetain(made, device), "cuDevicePrimaryCtxRetain");
        context = made.getValue();
        enter();
        check(driver.cuStreamCreate(made, NON_BLOCKING), "cuStreamCreate");
        stream = made.getValue();
        staging = new Staging(this, driver, stream);
        mostBlocks = BLOCKS_PER_MULTIPROCESSOR * attribute(driver, MULTIPROCESSORS, device);
        KernelSources.FAMILIES.forEach(this::load);
    }

    /**
     * Opens the first GPU.
     *
     * @throws CudaException when there is no driver, or one before 450, or no GPU, or one before compute capability 7.5, or
     *     the PTX does not match its source
     */
    public static CudaDevice open() {
        CudaDriver driver = usableDriver();
        IntByReference device = new IntByReference();
        requireSuccess(driver, driver.cuDeviceGet(device, 0), "cuDeviceGet");
        return new CudaDevice(driver, device.getValue());
    }

    /** Why no GPU can be used, as {@link #open} would say it; an empty string if one can. Allocates nothing on it. */
    public static String unavailableBecause() {
        try {
            usableDriver();
            KernelSources.FAMILIES.forEach(KernelSources::ptx);
            return "";
        } catch (CudaException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static CudaDriver usableDriver() {
        CudaDriver driver = CudaDriver.load();
        IntByReference number = new IntByReference();
        int started = driver.cuInit(0);
        boolean counted = started == 0 && driver.cuDeviceGetCount(number) == 0;
        if (!counted || number.getValue() == 0) {
            throw new CudaException("there is a driver but no usable GPU (" + errorName(driver, started)
                    + "); check nvidia-smi, or use kernels vector, which runs on the CPU");
        }
        requireSuccess(driver, driver.cuDriverGetVersion(number), "cuDriverGetVersion");
        int version = number.getValue();
        if (version < OLDEST_DRIVER) {
            throw new CudaException("the NVIDIA driver supports CUDA " + version / 1000 + "." + version % 1000 / 10
                    + " (expected: 11.0 or later); update it to version 450 or later");
        }
        int capability = 10 * attribute(driver, CAPABILITY_MAJOR, 0) + attribute(driver, CAPABILITY_MINOR, 0);
        if (capability < OLDEST_CAPABILITY) {
            throw new CudaException(name(driver, 0) + " has compute capability " + capability / 10 + "."
                    + capability % 10 + " (expected: 7.5 or later); use kernels vector, which runs on the CPU");
        }
        return driver;
    }

    private static int attribute(CudaDriver driver, int attribute, int device) {
        IntByReference value = new IntByReference();
        requireSuccess(driver, driver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value.getValue();
    }

    private static String name(CudaDriver driver, int device) {
        byte[] text = new byte[100];
        requireSuccess(driver, driver.cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private void load(String family) {
        byte[] image = (KernelSources.ptx(family) + "\0").getBytes(StandardCharsets.US_ASCII);
        PointerByReference made = new PointerByReference();
        check(driver.cuModuleLoadData(made, image), "translation of " + family + ".ptx");
        Pointer module = made.getValue();
        KernelSources.ptx(family)
                .lines()
                .filter(line -> line.startsWith(".visible .entry "))
                .map(line -> line.substring(".visible .entry ".length(), line.indexOf('(')))
                .forEach(kernel -> {
                    check(driver.cuModuleGetFunction(made, module, kernel), "look-up of " + kernel);
                    functions.put(kernel, made.getValue());
                });
    }

    /** Name of the GPU. */
    public String name() {
        return name;
    }

    /** Makes the context current in this thread; every use begins with it, since others may have set theirs. */
    public void enter() {
        check(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    /**
     * Allocates device memory.
     *
     * @throws CudaException when there is too little
     */
    long allocate(long bytes) {
        LongByReference made = new LongByReference();
        int error = driver.cuMemAlloc_v2(made, bytes);
        if (error == OUT_OF_MEMORY) {
            long held = memory.values().stream().mapToLong(Long::longValue).sum();
            throw new CudaException(name + " has no memory left: " + bytes + " bytes were asked for, " + held
                    + " are held by these kernels; train a smaller model or one rank a GPU, or use kernels vector");
        }
        check(error, "cuMemAlloc of " + bytes + " bytes");
        memory.put(made.getValue(), bytes);
        return made.getValue();
    }

    void free(long address) {
        if (memory.remove(address) != null) {
            check(driver.cuMemFree_v2(address), "cuMemFree");
        }
    }

    /** Through which its arrays are filled and read. */
    Staging staging() {
        return staging;
    }

    void fill(long target, int value, long count) {
        check(driver.cuMemsetD32Async(target, value, count, stream), "cuMemsetD32");
    }

    /** Launches a kernel whose threads loop over n elements. */
    public void launchOver(String kernel, long n, KernelArguments arguments) {
        launch(kernel, (int) Math.min(mostBlocks, (n + THREADS - 1) / THREADS), arguments);
    }

    /** Launches a kernel with a given number of blocks, behind what the stream holds already; does not wait. */
    public void launch(String kernel, int blocks, KernelArguments arguments) {
        Pointer function = functions.get(kernel);
        if (function == null) {
            throw new CudaException("no PTX has a kernel " + kernel + " (there are: " + functions.keySet() + ")");
        }
        Memory values = arguments.memory();
        check(
                driver.cuLaunchKernel(function, blocks, 1, 1, THREADS, 1, 1, 0, stream, values, null),
                "launch of " + kernel);
    }

    /** Throws what a call of the driver has reported. */
    void check(int error, String what) {
        if (error != 0) {
            throw new CudaException(
                    what + " failed on " + name + ": " + errorName(driver, error)
                            + "; the GPU state of this process is lost, start it anew with kernels vector to go on without a GPU");
        }
    }

    private static void requireSuccess(CudaDriver driver, int error, String what) {
        if (error != 0) {
            throw new CudaException(what + " failed: " + errorName(driver, error) + "; check nvidia-smi");
        }
    }

    private static String errorName(CudaDriver driver, int error) {
        PointerByReference text = new PointerByReference();
        @Nullable Pointer found = driver.cuGetErrorName(error, text) == 0 ? text.getValue() : null;
        return found == null ? "error " + error : error + " " + found.getString(0);
    }

    @Override
    public void close() {
        enter();
        memory.keySet().forEach(driver::cuMemFree_v2);
        memory.clear();
        staging.free();
        driver.cuStreamDestroy_v2(stream);
        driver.cuDevicePrimaryCtxRelease_v2(device);
    }
}
