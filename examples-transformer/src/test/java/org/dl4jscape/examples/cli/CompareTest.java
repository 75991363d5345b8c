package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several runs side by side. */
class CompareTest {
    @TempDir
    Path folder;

    private CommandRun compare(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "compare",
                "--steps",
                "12",
                "--batch",
                "2",
                "--eval-every",
                "4",
                "--out",
                folder.resolve("all").toString(),
                "--data=" + CommandRun.text(folder, "training.txt", 4000),
                "--validation=" + CommandRun.text(folder, "validation.txt", 500)));
        all.addAll(List.of(more));
        return CommandRun.scape(all.toArray(String[]::new));
    }

    @Test
    void shouldTrainEveryArmAndSeedOnceAndReportThem() throws IOException {
        String[] arms = {"--arms", "dense,capped-90", "--seeds", "1,2"};
        CommandRun first = compare(arms);
        assertEquals(0, first.status(), first.errors());
        Path all = folder.resolve("all");
        JsonNode dense = CommandRun.json(all.resolve("dense-seed2/result.json"));
        JsonNode sparse = CommandRun.json(all.resolve("capped-90-seed2/result.json"));
        assertEquals(1.0, dense.get("density").asDouble());
        assertEquals(0.1, sparse.get("density").asDouble());
        assertEquals(dense.get("tokens"), sparse.get("tokens"));
        assertEquals(dense.get("initialValidationLoss"), sparse.get("initialValidationLoss"), "the same weights");

        // An arm that was killed goes on with its own checkpoint, the others are not made again.
        Files.delete(all.resolve("capped-90-seed2/result.json"));
        CommandRun second = compare(arms);
        assertEquals(0, second.status(), second.errors());
        assertTrue(second.output().contains("run 3 of 4: dense, seed 2: finished before"), second.output());
        assertTrue(second.output().contains("run 4 of 4: capped-90, seed 2: goes on"), second.output());
        JsonNode again = CommandRun.json(all.resolve("capped-90-seed2/result.json"));
        assertEquals(sparse.get("parametersSha256"), again.get("parametersSha256"));

        String page = Files.readString(all.resolve("report.html"));
        assertFalse(page.contains("http"), "nothing is loaded from elsewhere");
        assertEquals(3, page.split("<img alt=\"Loss by ", -1).length - 1);
        String cell = String.format(
                java.util.Locale.ROOT,
                "<td>%.4f</td>",
                sparse.get("validationLoss").asDouble());
        assertTrue(page.contains(cell), cell);
        assertTrue(page.contains("scape compare --steps 12"), "the command");

        CommandRun other = compare("--arms", "dense,capped-90", "--seeds", "1,2", "--ranks", "3");
        assertEquals(2, other.status());
        assertTrue(other.errors().contains("is a comparison with ranks=2, now 3"), other.errors());

        CommandRun slower = CommandRun.scape("report", all.toString(), "--link-gbit", "0.01");
        assertEquals(0, slower.status(), slower.errors());
        assertTrue(Files.readString(all.resolve("report.html")).contains("at 0.01 Gbit/s"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --arms sparse-99     | --arms: sparse-99 (expected: dense, or look-ahead, closed-form, capped or none with
            --arms capped-100    | --arms: capped-100 (expected: dense
            --arms dense --learning-rate 0 | --learning-rate=0.0 (expected: finite and > 0)
            --arms dense --link-gbit 0 | --link-gbit=0.0 (expected: finite and > 0)
            --seeds one          | Invalid value for option '--seeds'
            """)
    void shouldRefuseBeforeAnythingIsTrained(String arguments, String message) {
        CommandRun refused = compare(arguments.split(" "));
        assertEquals(2, refused.status(), refused.errors());
        assertTrue(refused.errors().contains(message), refused.errors());
        assertFalse(Files.exists(folder.resolve("all")), "nothing may be written");
    }

    @Test
    void shouldReportOnComparisonsOnly() {
        CommandRun refused = CommandRun.scape("report", folder.toString());
        assertEquals(2, refused.status());
        assertTrue(refused.errors().contains("has no compare.json (expected: the folder of a comparison)"));
    }
}
