package org.dl4jscape.cuda.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.cuda.driver.EmulatedDriver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sweep accepts the kernels as they are, and notices a change of any one line in {@code mutations.txt}. */
class MutationTest {
    private static final List<String> SHORT = List.of("--quick", "1", "31", "33", "1023", "20011");
    /** With more tiles than a block has threads. */
    private static final List<String> LONG = List.of("--quick", "1", "31", "33", "1023", "20011", "1052673");

    private static final long LIMIT_S = 120;

    @TempDir
    Path folder;

    /**
     * A change of one line.
     *
     * @param file in the folder of the kernels
     * @param text that stands there once
     * @param changed what stands there instead
     */
    record Mutation(String file, String text, String changed) {
        static Mutation of(String line) {
            String[] parts = line.split(" \\| ");
            assertEquals(3, parts.length, line);
            return new Mutation(parts[0], parts[1], parts[2]);
        }

        void apply(Path sources) throws IOException {
            Path target = sources.resolve(file);
            String before = Files.readString(target);
            int at = before.indexOf(text);
            assertTrue(at >= 0 && before.indexOf(text, at + 1) < 0, text + " (expected: once in " + file + ")");
            Files.writeString(target, before.replace(text, changed));
        }
    }

    static List<Mutation> mutations() {
        try (var lines = Files.lines(Path.of("src/test/cuda/mutations.txt"))) {
            return lines.filter(line -> !line.startsWith("#")).map(Mutation::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sweep in a process of its own: a changed kernel may write anywhere. */
    private String sweep(Path driver, List<String> lengths, int expectedStatus) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.dl4jscape.cuda.driver=" + driver,
                "-cp",
                System.getProperty("java.class.path"),
                SweepProgram.class.getName()));
        command.addAll(lengths);
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output);
        assertTrue(ended, "still running after " + LIMIT_S + " s: " + printed);
        assertEquals(expectedStatus == 0, process.exitValue() == 0, printed);
        assertNotEquals(2, process.exitValue(), printed);
        return printed;
    }

    private void assertCaught(Mutation mutation, List<String> lengths) throws Exception {
        Path sources = Files.createDirectory(folder.resolve("cuda"));
        try (var files = Files.list(EmulatedDriver.SOURCES)) {
            for (Path file : files.toList()) {
                Files.copy(file, sources.resolve(file.getFileName()));
            }
        }
        mutation.apply(sources);
        sweep(EmulatedDriver.compile(sources, folder.resolve("libmutated.so")), lengths, 1);
    }

    @Test
    void shouldAcceptTheKernelsAsTheyAre() throws Exception {
        String printed = sweep(EmulatedDriver.library(), SHORT, 0);

        assertTrue(printed.contains("all bits are equal"), printed);
        assertTrue(printed.contains("n=20011: 0 differences"), printed);
    }

    @Test
    void shouldNoticeOneChange() throws Exception {
        assertCaught(mutations().get(7), SHORT);
    }

    @Test
    void shouldHaveTenChangesAndOneInEveryFile() throws IOException {
        assertTrue(mutations().size() >= 10);
        try (var files = Files.list(EmulatedDriver.SOURCES)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".ptx"))
                    .forEach(name -> assertTrue(
                            mutations().stream()
                                    .anyMatch(mutation -> mutation.file().equals(name)),
                            name));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("mutations")
    void shouldNoticeEveryChange(Mutation mutation) throws Exception {
        assertCaught(mutation, LONG);
    }
}
