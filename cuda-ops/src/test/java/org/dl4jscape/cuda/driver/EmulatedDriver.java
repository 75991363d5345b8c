package org.dl4jscape.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The driver that emulates a device on the CPU, with the kernels compiled into it by g++. */
public final class EmulatedDriver {
    /** Where the kernels are. */
    public static final Path SOURCES = Path.of("src/main/cuda");

    private static final Path EMULATION = Path.of("src/test/cuda");
    private static final Path FOLDER = Path.of("target/emulation");
    private static final long COMPILE_LIMIT_S = 120;

    private EmulatedDriver() {}

    /** Controls of the emulated machine, beside the driver's own functions. */
    interface Machine extends Library {
        int scape_emulate(int driverVersion, int deviceCount, int computeCapability, long memoryBytes);

        long scape_emulated_bytes();
    }

    /** The library with the kernels as they are; compiled once a JVM. A test without g++ is left out, and says so. */
    public static Path library() {
        return Compiled.LIBRARY;
    }

    private static final class Compiled {
        static final Path LIBRARY = compile(SOURCES, FOLDER.resolve("libemulated-cuda.so"));
    }

    /** Compiles the kernels of a folder into a driver library. */
    public static Path compile(Path sources, Path library) {
        assumeTrue(
                runs("g++", "--version"),
                "left out: there is no g++ to compile the CUDA kernels for the CPU;"
                        + " install g++ (Debian: apt-get install g++)");
        try {
            Files.createDirectories(library.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        List<String> command = List.of(
                "g++",
                "-std=c++17",
                "-O1",
                "-ffp-contract=off",
                "-fPIC",
                "-shared",
                "-U_FORTIFY_SOURCE",
                "-Wall",
                "-Werror",
                "-I" + EMULATION,
                "-I" + sources,
                "-o",
                library.toString(),
                EMULATION.resolve("kernels.cpp").toString(),
                EMULATION.resolve("driver.cpp").toString());
        if (!runs(command.toArray(String[]::new))) {
            throw new AssertionError("g++ refused the kernels; run " + String.join(" ", command));
        }
        return library.toAbsolutePath();
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(COMPILE_LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** The controls. */
    static Machine machine() {
        return Native.loadLibrary(library().toString(), Machine.class);
    }

    /** A device on the emulated driver. */
    public static CudaDevice open() {
        return with(library(), CudaDevice::open);
    }

    /** Does something while the given library is the driver. */
    public static <T> T with(Path driver, Supplier<T> action) {
        String before = System.setProperty(CudaDriver.LIBRARY_PROPERTY, driver.toString());
        assertEquals(null, before, "another driver was set");
        try {
            return action.get();
        } finally {
            System.clearProperty(CudaDriver.LIBRARY_PROPERTY);
        }
    }
}
