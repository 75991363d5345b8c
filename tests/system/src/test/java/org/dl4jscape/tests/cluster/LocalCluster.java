package org.dl4jscape.tests.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.dl4jscape.tests.support.JavaProcess;

/** Spark's cluster on one machine, two executors in JVMs of their own: how a program starts it, and a test the program. */
final class LocalCluster {
    private LocalCluster() {}

    /** What Spark needs of a JVM that nobody starts by its scripts. */
    static List<String> opens() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .toList();
    }

    /** In the program: two executors of one core each, with this JVM's class path. */
    static JavaSparkContext start(String name) {
        return new JavaSparkContext(new SparkConf()
                .setMaster("local-cluster[2,1,2048]")
                .setAppName(name)
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.executor.memory", "1g")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.extraJavaOptions", opens().stream().collect(Collectors.joining(" ")))
                .set("spark.executorEnv.OMP_NUM_THREADS", "1")
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .set("spark.barrier.sync.timeout", "120s"));
    }

    /** In the program: the processes of two executors, once both are there; a context comes back before its executors do. */
    static List<Long> processes(JavaSparkContext context) {
        return context.parallelize(List.of(0, 1), 2)
                .map(i -> {
                    Thread.sleep(2000);
                    return ProcessHandle.current().pid();
                })
                .collect();
    }

    /** In the test: the program in a process of its own, with an empty Spark home in a folder. */
    static JavaProcess run(Class<?> program, Path folder, String... arguments) throws IOException {
        return run(program.getSimpleName(), program, folder, arguments);
    }

    /** The same under a name that tells several of one class apart. */
    static JavaProcess run(String name, Class<?> program, Path folder, String... arguments) throws IOException {
        Path sparkHome = folder.resolve("spark-home");
        Files.createDirectories(sparkHome.resolve("jars"));
        List<String> options = new ArrayList<>(opens());
        options.add("-Xmx1g");
        return JavaProcess.start(
                name, folder.resolve(name + ".output"), options, environment(sparkHome, folder), program, arguments);
    }

    private static Map<String, String> environment(Path sparkHome, Path folder) {
        return Map.of(
                "SPARK_HOME",
                sparkHome.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_DIRS",
                folder.toString(),
                "OMP_NUM_THREADS",
                "1");
    }
}
