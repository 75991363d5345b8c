package org.dl4jscape.tests.repeated;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this JVM holds of the system's things, garbage excluded.
 *
 * @param threads of this project and its transport that live
 * @param files open descriptors, sockets included
 * @param directBytes of NIO's direct buffers
 * @param mappedBytes of mapped files
 * @param transportFiles folders of this process's transport in shared memory
 */
record Holdings(long threads, long files, long directBytes, long mappedBytes, long transportFiles) {
    private static final int ROUNDS = 20;
    private static final long PAUSE_MS = 250;

    /** After garbage collections, when nothing has become less for a while: threads and cleaners need a moment to end. */
    static Holdings settled() throws Exception {
        Holdings least = now();
        int unchanged = 0;
        for (int round = 0; round < ROUNDS && unchanged < 4; round++) {
            System.gc();
            Thread.sleep(PAUSE_MS);
            Holdings found = now().least(least);
            unchanged = found.equals(least) ? unchanged + 1 : 0;
            least = found;
        }
        return least;
    }

    private Holdings least(Holdings other) {
        return new Holdings(
                Math.min(threads, other.threads),
                Math.min(files, other.files),
                Math.min(directBytes, other.directBytes),
                Math.min(mappedBytes, other.mappedBytes),
                Math.min(transportFiles, other.transportFiles));
    }

    private static Holdings now() throws IOException {
        return new Holdings(
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.contains("scape") || name.contains("aeron"))
                        .count(),
                entries(Path.of("/proc/self/fd"), ""),
                pool("direct"),
                pool("mapped"),
                entries(
                        Path.of("/dev/shm"),
                        "dl4jscape-aeron-" + ProcessHandle.current().pid() + "-"));
    }

    private static long entries(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> String.valueOf(path.getFileName()).startsWith(prefix))
                    .count();
        }
    }

    private static long pool(String name) {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals(name))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
