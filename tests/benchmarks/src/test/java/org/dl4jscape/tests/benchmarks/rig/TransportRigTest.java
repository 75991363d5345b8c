package org.dl4jscape.tests.benchmarks.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rig runs, small and on the loopback interface, so that it does not rot; what it measures is not looked at. */
class TransportRigTest {
    @TempDir
    Path folder;

    @Test
    @Tag("multi-jvm")
    void shouldMeasureEveryTransportBesideThePlainRing() throws Exception {
        List<Measurement> measured = TransportRig.measure("smoke");

        assertEquals(
                List.of(
                        "tcp-ring",
                        "aeron dense",
                        "ipc dense",
                        "tcp dense",
                        "bare-aeron",
                        "aeron step {.density=0.01}"),
                measured.stream().map(Measurement::subject).toList());
        for (Measurement measurement : measured) {
            assertTrue(measurement.medianMs() > 0 && measurement.p99Ms() >= measurement.medianMs(), measured::toString);
        }
        Double share = measured.get(5).maskOverValues();
        assertTrue(share != null && share > 0.05 && share < 0.5, "a mask beside its values: " + measured);
    }

    @Test
    void shouldReplaceAPartAndKeepTheOthers() throws Exception {
        Path file = folder.resolve("transport.json");
        TransportTable table = TransportTable.read(file);
        table.replace("loopback", List.of(dense("loopback", "aeron dense", 0.4), dense("loopback", "ipc dense", 1.2)));
        table.replace("100mbit", List.of(dense("100mbit", "aeron dense", 0.9)));
        table.write();
        TransportTable again = TransportTable.read(file);
        again.replace("loopback", List.of(dense("loopback", "aeron dense", 0.6)));
        again.replace("100mbit", List.of());
        again.write();

        JsonNode written = new ObjectMapper().readTree(file.toFile());
        assertEquals(2, written.get("measurements").size());
        JsonNode aim = written.get("aims").get(0);
        assertEquals(1, written.get("aims").size());
        assertEquals("at least 0.5", aim.get("aim").asText());
        assertEquals(0.6, aim.get("result").asDouble());
        assertTrue(aim.get("met").asBoolean());
    }

    private static Measurement dense(String part, String subject, double ofPlainTcp) {
        return new Measurement(part, part, 2, 100_000_000, subject, 10, 12, null, null, ofPlainTcp, null, null, null);
    }
}
