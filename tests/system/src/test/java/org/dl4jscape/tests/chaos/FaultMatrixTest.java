package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the network or a process does: the same parameters as without, or a typed exception and those of a whole step. */
@Tag("multi-jvm")
class FaultMatrixTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @TempDir
    Path folder;

    private Path drivers;

    @BeforeEach
    void makeDrivers() throws Exception {
        drivers = Files.createDirectory(folder.resolve("drivers"));
    }

    @Test
    void shouldEndWithEqualResultsOrATypedExceptionUnderAFewFaults(TestReporter reporter) throws Exception {
        List<FaultRow> rows = FaultRow.all().stream().filter(FaultRow::isShort).toList();
        List<FaultRun.Result> results = run(rows);
        assertEquals(rows.size(), results.size());
        results.forEach(result -> reporter.publishEntry(
                result.transport() + ", " + result.fault(), result.happened() + ": " + result.outcome()));
    }

    @Test
    @Tag("slow")
    void shouldEndWithEqualResultsOrATypedExceptionUnderEveryFault() throws Exception {
        List<FaultRow> rows = FaultRow.all();
        List<FaultRun.Result> results = run(rows);
        assertEquals(rows.size(), results.size());
        assertTrue(
                results.stream().filter(result -> result.fault().equals("none")).allMatch(result -> result.outcome()
                        .equals("equal")),
                results::toString);
        ObjectNode table = JSON.createObjectNode();
        table.put("title", "Fault matrix");
        table.put("command", "tests/system/chaos faults");
        table.put("cores", Runtime.getRuntime().availableProcessors());
        ArrayNode lines = table.putArray("rows");
        for (FaultRun.Result result : results) {
            lines.addObject()
                    .put("transport", result.transport())
                    .put("fault", result.fault())
                    .put("happened", result.happened())
                    .put("outcome", result.outcome())
                    .put("steps", result.steps())
                    .put("medianStepMs", rounded(result.p50Ms()))
                    .put("p95StepMs", rounded(result.p95Ms()));
        }
        Results.write("faults.json", JSON.writeValueAsString(table) + "\n");
    }

    /** All rows, also those after a broken promise; fails with every one of these. */
    private List<FaultRun.Result> run(List<FaultRow> rows) throws InterruptedException {
        List<FaultRun.Result> results = new ArrayList<>();
        List<Executable> broken = new ArrayList<>();
        try (FaultRun matrix = new FaultRun(folder, drivers)) {
            for (FaultRow row : rows) {
                try {
                    FaultRun.Result result = matrix.run(row);
                    results.add(result);
                    System.out.println(result.toLine());
                } catch (AssertionError e) {
                    System.out.println(row + " breaks a promise: " + e.getMessage());
                    broken.add(() -> {
                        throw e;
                    });
                }
            }
        }
        assertAll(broken);
        return results;
    }

    private static double rounded(double ms) {
        return Math.round(100 * ms) / 100.0;
    }
}
