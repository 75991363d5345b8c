package org.dl4jscape.tests.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The working tree that the tests run in. */
final class Repository {
    private static final Path ROOT = findRoot();

    private Repository() {}

    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    Path.of("").toAbsolutePath() + " (expected: a folder inside the repository)");
        }
        return folder;
    }

    /** A file by its path from the root. */
    static Path file(String path) {
        return ROOT.resolve(path);
    }

    /** The text of a file by its path from the root. */
    static String text(String path) {
        try {
            return Files.readString(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every Java file that is shipped, of all modules. */
    static List<Path> mainSources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> ROOT.relativize(file).toString().contains("src/main/java/"))
                    .filter(file -> !ROOT.relativize(file).toString().startsWith("site/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
