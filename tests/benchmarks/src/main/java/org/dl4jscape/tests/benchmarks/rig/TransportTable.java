package org.dl4jscape.tests.benchmarks.rig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.tests.benchmarks.Machine;

/** The file of the rig: what was measured, part by part, and the aims with what came of them. */
final class TransportTable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final List<Measurement> measurements = new ArrayList<>();

    private TransportTable(Path file) {
        this.file = file;
    }

    /** What the file holds; nothing where it does not exist. */
    static TransportTable read(Path file) throws IOException {
        TransportTable table = new TransportTable(file);
        if (Files.exists(file)) {
            for (var node : JSON.readTree(file.toFile()).path("measurements")) {
                table.measurements.add(JSON.treeToValue(node, Measurement.class));
            }
        }
        return table;
    }

    /** Takes what a part gave in place of what it gave before; a part that gave nothing changes nothing. */
    void replace(String part, List<Measurement> measured) {
        if (!measured.isEmpty()) {
            measurements.removeIf(measurement -> measurement.part().equals(part));
            measurements.addAll(measured);
        }
    }

    void write() throws IOException {
        Machine machine = Machine.here();
        ObjectNode table = JSON.createObjectNode();
        table.put("title", "Transport: aims and what was measured");
        table.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        table.put("command", "tests/benchmarks/transport");
        table.put("processor", machine.cpu());
        table.put("cores", machine.cores());
        table.put("system", machine.os());
        table.put("jvm", machine.jdk());
        table.putObject("chart")
                .put("list", "aims")
                .put("label", "question")
                .put("value", "ofAim")
                .put("unit", "result over aim; at most 1 is met");
        ArrayNode aims = table.putArray("aims");
        TransportAims.of(measurements).forEach(aims::addPOJO);
        ArrayNode rows = table.putArray("measurements");
        measurements.forEach(rows::addPOJO);
        Files.writeString(file, JSON.writeValueAsString(table) + "\n");
    }
}
