package org.dl4jscape.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed PTX: made from the sources beside it, free of fused multiply-add, and accepted for every card. */
class KernelSourcesTest {
    private static final List<String> FAMILIES = KernelSources.FAMILIES;
    private static final long LIMIT_S = 120;

    @TempDir
    Path folder;

    private static byte[] source(String name) throws IOException {
        return Files.readAllBytes(EmulatedDriver.SOURCES.resolve(name));
    }

    private static String ptx(String family) throws IOException {
        return new String(source(family + ".ptx"), StandardCharsets.US_ASCII);
    }

    private String run(String... command) throws Exception {
        Path output = folder.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException missing) {
            return assumeFound(command[0]);
        }
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), () -> String.join(" ", command) + " still runs");
        String printed = Files.readString(output);
        assertEquals(0, process.exitValue(), String.join(" ", command) + ": " + printed);
        return printed;
    }

    private static String assumeFound(String tool) {
        assumeTrue(false, "left out: there is no " + tool + " on the PATH; install the CUDA toolkit");
        return "";
    }

    @Test
    void shouldHaveAFamilyForEverySource() throws IOException {
        Set<String> there = new TreeSet<>();
        try (var files = Files.list(EmulatedDriver.SOURCES)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .forEach(name -> there.add(name.substring(0, name.length() - 3)));
        }
        assertEquals(there, new TreeSet<>(FAMILIES));
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void shouldNameTheSourceItWasMadeFrom(String family) {
        assertDoesNotThrow(() -> KernelSources.ptx(family));
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void shouldRefuseThePtxOfAnotherSource(String family) throws IOException {
        String changed = new String(source(family + ".cu"), StandardCharsets.US_ASCII) + " ";
        String sha = KernelSources.sha256(source("scape.cuh"), changed.getBytes(StandardCharsets.US_ASCII));
        String ptx = ptx(family);

        var refused = assertThrows(CudaException.class, () -> KernelSources.requireMatch(family, ptx, sha));

        assertTrue(String.valueOf(refused.getMessage()).startsWith(family + ".ptx was made from another source"));
        assertTrue(String.valueOf(refused.getMessage()).contains("run cuda-ops/build-ptx"), refused.getMessage());
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void shouldRoundEveryOperationOfItsOwn(String family) throws IOException {
        Matcher operations = Pattern.compile("\\b(fma|mad|mul|add|sub|div|sqrt)(\\.[a-z]+)*\\.f(32|64)\\b")
                .matcher(ptx(family));
        while (operations.find()) {
            String operation = operations.group();
            assertTrue(operation.matches("(mul|add|sub|div|sqrt)\\.rn\\.f(32|64)"), operation);
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void shouldHoldTheKernelsOfItsSource(String family) throws IOException {
        assertEquals(
                names("__global__ void (\\w+)\\(", new String(source(family + ".cu"), StandardCharsets.US_ASCII)),
                names("\\.visible \\.entry (\\w+)\\(", ptx(family)));
    }

    private static Set<String> names(String pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void shouldAskForNoNewerDriverThan450(String family) throws IOException {
        List<String> header = ptx(family).lines().skip(2).limit(3).toList();

        assertEquals(List.of(".version 7.0", ".target sm_75", ".address_size 64"), header);
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
    void shouldBeAcceptedForEveryCard(int architecture) throws Exception {
        String known = run("ptxas", "--help");
        assumeTrue(known.contains("sm_" + architecture), "left out: this ptxas does not know sm_" + architecture);
        for (String family : FAMILIES) {
            run(
                    "ptxas",
                    "-arch=sm_" + architecture,
                    "-o",
                    folder.resolve("code").toString(),
                    EmulatedDriver.SOURCES.resolve(family + ".ptx").toString());
        }
    }

    @Test
    void shouldBeWhatTheCompilerMakesOfTheSources() throws Exception {
        assumeTrue(
                run("nvcc", "--version").contains("release 13.0"),
                "left out: the committed PTX is of nvcc 13.0, and this is another");
        run("bash", "build-ptx", folder.toString());
        for (String family : FAMILIES) {
            assertArrayEquals(
                    source(family + ".ptx"), Files.readAllBytes(folder.resolve(family + ".ptx")), family + ".ptx");
        }
    }
}
