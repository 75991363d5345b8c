package org.dl4jscape.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Forged offers of streams and fuzzed frames change no result and take no memory; what they cost in time is reported. */
@Tag("multi-jvm")
class FloodTest {
    private static final long GROWTH_MAX = 48L << 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @TempDir
    Path folder;

    @Test
    void shouldNotMindAFewThousandForgedFrames(TestReporter reporter) throws Exception {
        FloodRun.Seen seen = flood(2_000, 20_000, 20_000, 1_200);
        reporter.publishEntry("flood", seen.toString());
    }

    @Test
    @Tag("slow")
    void shouldNotMindAMillionForgedFrames() throws Exception {
        FloodRun.Seen seen = flood(100_000, 1_000_000, 25_000, 30_000);
        ObjectNode row = JSON.createObjectNode();
        row.put("title", "Forged and fuzzed frames against a running group");
        row.put("command", "tests/system/chaos flood");
        row.put("cores", Runtime.getRuntime().availableProcessors());
        row.put("forgedSetups", seen.setups()).put("fuzzedFrames", seen.nonsense());
        row.put("datagramsThatArrived", seen.arrived());
        row.put("residentGrowthBytes", seen.residentGrowth()).put("sharedMemoryGrowthBytes", seen.sharedGrowth());
        row.put("results", "equal");
        row.put("stepP95MsQuiet", rounded(seen.quietP95Ms())).put("stepP95MsFlooded", rounded(seen.floodedP95Ms()));
        row.put("stepP95Ratio", rounded(seen.floodedP95Ms() / seen.quietP95Ms()));
        String text = JSON.writeValueAsString(row) + "\n";
        Results.write("flood.json", text);
        System.out.println(text);
    }

    private FloodRun.Seen flood(int setups, int nonsense, int perSecond, int steps) throws Exception {
        Path drivers = Files.createDirectory(folder.resolve("drivers"));
        FloodRun.Seen seen = new FloodRun(folder, drivers).run(setups, nonsense, perSecond, steps);
        assertTrue(seen.arrived() >= setups + nonsense, () -> "not all arrived: " + seen);
        assertTrue(seen.residentGrowth() < GROWTH_MAX, seen::toString);
        assertEquals(0, seen.sharedGrowth(), seen::toString);
        return seen;
    }

    private static double rounded(double value) {
        return Math.round(1000 * value) / 1000.0;
    }
}
