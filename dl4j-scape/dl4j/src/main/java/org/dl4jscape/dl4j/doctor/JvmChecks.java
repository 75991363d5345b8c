package org.dl4jscape.dl4j.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The virtual machine: its version, the modules that Spark needs open, memory, and threads of the linear algebra. */
final class JvmChecks {
    /** What Spark reaches into on JDK 17, of module java.base. */
    static final List<String> SPARK_OPENS = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private static final String SPARK = "org.apache.spark.SparkContext";
    private static final long MIB = 1 << 20;

    private JvmChecks() {}

    static List<Finding> run(int ranks, Map<String, String> environment, ClassLoader classPath) {
        List<Finding> findings = new ArrayList<>();
        findings.add(version(Runtime.version().feature()));
        findings.add(processors(Runtime.getRuntime().availableProcessors(), ranks));
        findings.add(linearAlgebraThreads(environment.get("OMP_NUM_THREADS")));
        findings.add(memory(Runtime.getRuntime().maxMemory(), Long.getLong("org.bytedeco.javacpp.maxbytes", -1)));
        if (isThere(SPARK, classPath)) {
            findings.add(sparkOpens(closed()));
        }
        return findings;
    }

    static Finding version(int feature) {
        return feature >= 17
                ? Finding.ok("Java", "version " + feature)
                : Finding.problem("Java", "version " + feature + " (expected: 17 or later)", "install JDK 17");
    }

    static Finding processors(int processors, int ranks) {
        String found = processors + " processors for " + ranks + " ranks of one machine";
        return processors >= ranks
                ? Finding.ok("processors", found)
                : Finding.warning("processors", found, "ranks take turns: use at most " + processors + " ranks here");
    }

    static Finding linearAlgebraThreads(@Nullable String threads) {
        return "1".equals(threads)
                ? Finding.ok("OMP_NUM_THREADS", "1")
                : Finding.warning(
                        "OMP_NUM_THREADS",
                        threads == null ? "not set (expected: 1)" : threads + " (expected: 1)",
                        "export OMP_NUM_THREADS=1, since the ranks are the parallelism");
    }

    static Finding memory(long heapBytes, long javacppBytes) {
        String found = "heap at most " + heapBytes / MIB + " MiB, ND4J's arrays outside of it at most "
                + (javacppBytes < 0 ? heapBytes : javacppBytes) / MIB + " MiB";
        return heapBytes >= 256 * MIB
                ? Finding.ok("memory", found)
                : Finding.warning("memory", found, "raise -Xmx; -Dorg.bytedeco.javacpp.maxbytes bounds ND4J's arrays");
    }

    static Finding sparkOpens(List<String> closed) {
        if (closed.isEmpty()) {
            return Finding.ok("Spark on JDK 17", "the packages that Spark needs are open");
        }
        StringBuilder flags = new StringBuilder("start the JVM with");
        closed.forEach(
                name -> flags.append(" --add-opens=java.base/").append(name).append("=ALL-UNNAMED"));
        return Finding.problem(
                "Spark on JDK 17",
                "closed: " + String.join(" ", closed) + " (expected: all open to the class path)",
                flags + " (spark-submit does so by itself)");
    }

    /** Packages that are closed to classes of the class path. */
    private static List<String> closed() {
        Module base = Object.class.getModule();
        Module own = JvmChecks.class.getModule();
        return SPARK_OPENS.stream().filter(name -> !base.isOpen(name, own)).toList();
    }

    private static boolean isThere(String className, ClassLoader classPath) {
        return classPath.getResource(className.replace('.', '/') + ".class") != null;
    }
}
