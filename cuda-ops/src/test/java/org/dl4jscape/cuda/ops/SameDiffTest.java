package org.dl4jscape.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class SameDiffTest {
    private static final long LIMIT_S = 120;

    @TempDir
    Path folder;

    @Test
    void shouldRunTheSameAfterSaveAndLoad() {
        SameDiff graph = SavedGraph.build();
        String before = SavedGraph.run(graph);
        File file = folder.resolve("graph.fb").toFile();

        graph.save(file, true);

        assertEquals(before, SavedGraph.run(SameDiff.load(file, true)));
    }

    @Test
    void shouldRunTheSameInAFreshJvm() throws Exception {
        SameDiff graph = SavedGraph.build();
        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, true);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SavedGraph.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertTrue(ended, "still running after " + LIMIT_S + " s");
        String printed = Files.readString(output);
        String bits = printed.lines()
                .filter(line -> line.startsWith("bits"))
                .findFirst()
                .orElse(printed);
        assertEquals(SavedGraph.run(graph), bits);
    }

    @Test
    void shouldDependOnWhatIsFed() {
        SameDiff graph = SavedGraph.build();
        String before = SavedGraph.run(graph);
        graph.getVariable("gradient").getArr().muli(2);

        assertNotEquals(before, SavedGraph.run(graph));
    }

    @Test
    void shouldSayThatThereIsNoGradient() {
        SameDiff graph = SameDiff.create();
        SDVariable weight = graph.var("weight", Nd4j.ones(DataType.FLOAT, 4));
        SDVariable clipped = new ClipNorm(graph, weight, 1.0).outputVariables()[0];
        clipped.sum().markAsLoss();

        var refused = assertThrows(RuntimeException.class, graph::createGradFunction);

        assertTrue(
                String.valueOf(refused.getMessage()).contains("scape_clip_norm has no gradient"), refused.toString());
    }
}
