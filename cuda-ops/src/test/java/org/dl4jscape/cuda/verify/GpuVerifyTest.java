package org.dl4jscape.cuda.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit, as far as a machine without a GPU can run it. */
class GpuVerifyTest {
    private static final long LIMIT_S = 300;

    @TempDir
    Path folder;

    private int run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "gpu-verify"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile());
        builder.environment().put("GPU_VERIFY_CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> "still running after " + LIMIT_S + " s: " + printed());
        return process.exitValue();
    }

    private String printed() {
        try {
            return Files.readString(folder.resolve("printed"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Tag("slow")
    @Test
    void shouldPassItsSelfTestAndListWhatNeedsAGpu() throws Exception {
        int status = run("--self-test", "--out", folder.resolve("results").toString());

        assertEquals(0, status, printed());
        String json = Files.readString(folder.resolve("results/gpu-verify.json"));
        assertTrue(json.contains("\"PTX matches its source\", \"state\" : \"passed\""), json);
        for (String left :
                List.of("card bit-exact", "sanitizer memcheck", "sanitizer racecheck", "times of torch.topk")) {
            assertTrue(json.contains("\"" + left + "\", \"state\" : \"left-out\", \"detail\" : \"needs a GPU\""), left);
        }
        assertTrue(printed().contains(" 0 failed, "), printed());
        boolean ptxas = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ptxas")));
        String accepted = ptxas ? "passed" : "left-out";
        assertTrue(json.contains("\"PTX accepted for sm_80\", \"state\" : \"" + accepted + "\""), json);
    }

    @Test
    void shouldSayWhatToDoWithoutAGpu() throws Exception {
        boolean card = Files.exists(Path.of("/dev/nvidiactl"));
        assumeTrue(!card, "left out: this machine has a GPU");

        int status = run("--out", folder.toString());

        assertEquals(2, status, printed());
        assertTrue(printed().contains("there is no NVIDIA GPU here"), printed());
        assertTrue(printed().contains("--self-test"), printed());
    }

    @Test
    void shouldRefuseArgumentsThatItDoesNotKnow() throws Exception {
        assertEquals(2, run("--fast"), printed());
        assertTrue(printed().contains("unknown argument --fast (expected: --self-test, --out FOLDER)"), printed());
    }
}
