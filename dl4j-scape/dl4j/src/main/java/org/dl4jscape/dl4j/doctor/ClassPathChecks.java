package org.dl4jscape.dl4j.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One class of every library that must be there once: two jars that have it are two versions, or a shaded copy. */
final class ClassPathChecks {
    private static final Map<String, String> LIBRARIES = new TreeMap<>(Map.of(
            "scape-core", "org.dl4jscape.core.step.ScapeStep",
            "scape-aeron", "org.dl4jscape.aeron.AeronTransport",
            "deeplearning4j-nn", "org.deeplearning4j.nn.multilayer.MultiLayerNetwork",
            "nd4j-api", "org.nd4j.linalg.factory.Nd4j",
            "javacpp", "org.bytedeco.javacpp.Pointer",
            "Aeron", "io.aeron.Aeron",
            "Agrona", "org.agrona.concurrent.Agent",
            "Guava", "com.google.common.collect.ImmutableList",
            "Jackson", "com.fasterxml.jackson.databind.ObjectMapper",
            "Spark", "org.apache.spark.SparkContext"));

    private ClassPathChecks() {}

    static List<Finding> run(ClassLoader classPath) {
        List<Finding> findings = new ArrayList<>();
        int once = 0;
        for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
            List<String> places = places(classPath, library.getValue());
            if (places.size() > 1) {
                findings.add(Finding.problem(
                        "class path",
                        library.getKey() + " is there " + places.size() + " times: " + String.join(", ", places),
                        "leave one; mvn dependency:tree shows who brings the other"
                                + (library.getKey().equals("Aeron")
                                                || library.getKey().equals("Agrona")
                                        ? " (aeron-all and nd4j-parameter-server have a copy inside)"
                                        : "")));
            }
            once += places.size() == 1 ? 1 : 0;
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok("class path", once + " libraries looked for, each there once"));
        }
        return findings;
    }

    private static List<String> places(ClassLoader classPath, String className) {
        String file = className.replace('.', '/') + ".class";
        try {
            return Collections.list(classPath.getResources(file)).stream()
                    .map(url -> jar(url, file))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the class path cannot be read (" + e + "); check its entries", e);
        }
    }

    private static String jar(URL url, String file) {
        String text = url.toString().replace("jar:", "").replace("file:", "");
        return text.substring(0, Math.max(0, text.length() - file.length())).replaceAll("!?/$", "");
    }
}
