package org.dl4jscape.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where numbers were taken.
 *
 * @param cpu model name of the processor
 * @param cores number of processors that the JVM sees
 * @param memoryGiB physical memory
 * @param os system and version
 * @param jdk version and vendor of the JVM
 */
public record Machine(String cpu, int cores, long memoryGiB, String os, String jdk) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path LOAD = Path.of("/proc/loadavg");

    /** This one. */
    public static Machine here() throws IOException {
        String vm = System.getProperty("java.vm.version") + ", " + System.getProperty("java.vm.vendor");
        return new Machine(
                field(CPU_INFO, "model name"),
                Runtime.getRuntime().availableProcessors(),
                Math.round(Long.parseLong(field(MEMORY_INFO, "MemTotal").split(" ")[0]) / (double) (1 << 20)),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                vm);
    }

    private static String field(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** Runnable threads of the last minute, from all programs: above the number of cores, times are inflated. */
    public static double load() throws IOException {
        return Double.parseDouble(Files.readString(LOAD).split(" ")[0]);
    }
}
