package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bad input ends with status 2 and one sentence with option, value and remedy, before anything is written. */
class PretrainBadInputTest {
    @TempDir
    Path folder;

    private Path out;

    @BeforeEach
    void chooseFolder() {
        out = folder.resolve("run");
    }

    private String refused(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--out")) {
            all.addAll(List.of("--out", out.toString()));
        }
        CommandRun run = CommandRun.of(all.toArray(new String[0]));
        assertEquals(2, run.status(), run.errors());
        assertEquals(1, run.errors().lines().count(), run.errors());
        assertTrue(run.errors().startsWith("pretrain: "), run.errors());
        assertFalse(Files.exists(out), "nothing may be written");
        return run.errors();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --density 1.5          | --density=1.5 (expected: 0 < density <= 1); for 99 % sparsity use --density 0.01
            --density 0            | --density=0.0 (expected: 0 < density <= 1)
            --density NaN          | --density=NaN (expected: 0 < density <= 1)
            --sparsity 1           | --sparsity=1.0 (expected: 0 <= sparsity < 1); for 99 % use --sparsity 0.99
            --sparsity -0.1        | --sparsity=-0.1 (expected: 0 <= sparsity < 1)
            --density 0.1 --sparsity 0.9 | say the same thing; give one of them
            --exchange dense --density 0.5 | leave out --density and --sparsity
            --exchange sparse      | --exchange=sparse (expected: one of scape, dense)
            --preset gpt-mikro     | --preset=gpt-mikro (expected: one of small, gpt-nano, gpt-micro, gpt-124m
            --preset gpt-mikro     | ); did you mean gpt-micro?
            --preset gpt-345m      | --preset=gpt-345m ties its head to its embedding, which layers of a graph cannot
            --preset llama-1.8b    | parameters (expected: <= 536870912, what one network holds); add --dry-run, or choose
            --preset llama-500m    | --preset=llama-500m with --ranks=2 needs
            --preset gpt-micro --batch 256 --ranks 4 | of heap (expected: at most the
            --link-gbit 0          | --link-gbit=0.0 (expected: finite and > 0)
            --device-tflops NaN    | --device-tflops=NaN (expected: finite and > 0)
            --checkpoint-every 0   | --checkpoint-every=0 (expected: 1 <= checkpoint-every
            --engine flink         | --engine=flink (expected: one of spark, jvm)
            --catch-up all         | --catch-up=all (expected: one of none, capped, closed-form)
            --catch-up-cap 8       | --catch-up-cap=8 with --catch-up=closed-form; use --catch-up capped
            --catch-up capped --catch-up-cap 0 | --catch-up-cap=0 (expected: >= 1)
            --transport pigeon     | --transport=pigeon (expected: one of
            --transport-property mtu=9 | --transport-property: unknown property mtu=9 (expected: one of
            --transport-property termBufferLength=1000 | termBufferLength=1000
            --transport-property directory=/nowhere | --transport=aeron cannot run here: directory=/nowhere is not a folder
            --kernels cuda         | --kernels=cuda cannot run here:
            --look-ahead --catch-up none | --look-ahead with --catch-up=none (expected: closed-form)
            --kernels abacus       | --kernels=abacus (expected: auto or one of
            --ranks 0              | --ranks=0 (expected: 1 <= ranks <= 64)
            --ranks 65             | --ranks=65 (expected: 1 <= ranks <= 64)
            --ranks two            | Invalid value for option '--ranks'
            --steps 0              | --steps=0 (expected: 1 <= steps
            --batch 0              | --batch=0 (expected: 1 <= batch <= 512)
            --batch 513            | --batch=513 (expected: 1 <= batch <= 512)
            --eval-every 0         | --eval-every=0 (expected: 1 <= eval-every
            --learning-rate 0      | --learning-rate=0.0 (expected: finite and > 0)
            --learning-rate NaN    | --learning-rate=NaN (expected: finite and > 0)
            --dencity 0.1          | Unknown options: '--dencity', '0.1'; did you mean --density?
            --config nowhere.yaml  | --config=nowhere.yaml cannot be read (there is no such file)
            --resume nowhere       | with --out
            """)
    void shouldRefuseOptions(String arguments, String message) {
        String errors = refused(arguments.split(" "));
        assertTrue(errors.contains(message), errors);
    }

    @Test
    void shouldRefuseDataWithoutValidation() {
        String errors = refused("--data", CommandRun.text(folder, "a.txt", 100).toString());
        assertTrue(errors.contains("--data without --validation; give a text"), errors);
    }

    @Test
    void shouldRefuseAMissingFile() {
        String missing = folder.resolve("missing.txt").toString();
        String errors = refused("--data", missing, "--validation", missing);
        assertTrue(errors.contains("--data=" + missing + " cannot be read (there is no such file)"), errors);
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        Path text = CommandRun.text(folder, "a.txt", 100);
        String errors = refused("--data", text.toString(), "--validation", empty.toString());
        assertTrue(errors.contains("--validation=" + empty + " has no text"), errors);
    }

    @Test
    void shouldRefuseAFileThatIsNotText() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        String errors = refused("--data", binary.toString(), "--validation", binary.toString());
        assertTrue(errors.contains("--data=" + binary + " is not UTF-8; convert it"), errors);
    }

    @Test
    void shouldRefuseAFolderAsText() {
        String errors = refused("--data", folder.toString(), "--validation", folder.toString());
        assertTrue(errors.contains("--data=" + folder + " cannot be read"), errors);
    }

    @Test
    void shouldRefuseATextShorterThanTheContext() throws IOException {
        Path text = CommandRun.text(folder, "a.txt", 100);
        Path brief = Files.writeString(folder.resolve("brief.txt"), "Emma Woodhouse, handsome");
        String errors = refused("--data", text.toString(), "--validation", brief.toString());
        assertTrue(
                errors.contains("--validation has 25 characters (expected: > 64, the context of the model)"), errors);
    }

    @Test
    void shouldRefuseATextShorterThanTheContextOfThePreset() throws IOException {
        Path text = CommandRun.text(folder, "a.txt", 100);
        Path brief = Files.writeString(folder.resolve("brief.txt"), "Emma Woodhouse, handsome, clever ".repeat(3));
        String errors = refused("--preset", "gpt-micro", "--data", text.toString(), "--validation", brief.toString());
        assertTrue(
                errors.contains("--validation has 100 characters (expected: > 128, the context of the model)"), errors);
    }

    @Test
    void shouldRefuseTokensThatAreNotThoseOfTheData() throws IOException {
        Path one = tokens("one", "emma\n\nanne\n\nwalter\n\nmary");
        Path other = tokens("other", "xyz\n\nzyx\n\nyx\n\nzx");
        String errors = refused("--data", one.toString(), "--validation", other.toString());
        assertTrue(errors.contains("--validation=" + other + " has another vocabulary than --data=" + one), errors);
    }

    private Path tokens(String name, String text) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".txt"), (text + "\n\n").repeat(20));
        Path out = folder.resolve(name + ".tokens");
        CommandRun made =
                CommandRun.scape("prepare", source.toString(), "--out", out.toString(), "--validation-fraction", "0.5");
        assertEquals(0, made.status(), made.errors());
        return out;
    }

    @Test
    void shouldRefuseAFolderThatHasSomething() throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.writeString(full.resolve("result.json"), "{}");
        String errors = refused("--out", full.toString());
        assertTrue(errors.contains("--out=" + full + " is not empty"), errors);
        assertEquals("{}", Files.readString(full.resolve("result.json")));
    }

    @Test
    void shouldRefuseAFolderThatCannotBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String errors = refused("--out", file.resolve("run").toString());
        assertTrue(errors.contains("--out=" + file.resolve("run") + " cannot be written"), errors);
    }

    @Test
    void shouldSayWhichPortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String errors = refused("--transport", "tcp", "--transport-property", "port=" + port);
            assertTrue(
                    errors.contains("--transport=tcp cannot run here: bindAddress=127.0.0.1 cannot be bound with port="
                            + port + " (expected: an address of this machine, and a port that is free, or 0 for any)"),
                    errors);
        }
    }
}
