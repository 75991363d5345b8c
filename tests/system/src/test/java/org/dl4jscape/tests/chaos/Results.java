package org.dl4jscape.tests.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where long suites leave their data: {@code target/chaos}, or the folder of {@code -Dchaos.results}. */
final class Results {
    private Results() {}

    static void write(String name, String text) throws IOException {
        Path file = path(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static Path path(String name) {
        return Path.of(System.getProperty("chaos.results", "target/chaos"))
                .toAbsolutePath()
                .resolve(name);
    }
}
