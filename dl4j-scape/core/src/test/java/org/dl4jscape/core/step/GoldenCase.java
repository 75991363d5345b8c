package org.dl4jscape.core.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.IndexRange;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;

/** One golden file: how to set a run up, and what to expect of each step. */
record GoldenCase(String name, JsonNode json) {
    static List<GoldenCase> all(String prefix) {
        Path folder = Path.of("src/test/resources/golden");
        try (var files = Files.list(folder)) {
            List<GoldenCase> cases = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(".json")) {
                    cases.add(read(file, name));
                }
            }
            return cases;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static GoldenCase read(Path file, String name) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new GoldenCase(name, new ObjectMapper().readTree(in));
        }
    }

    int worldSize() {
        return json.path("worldSize").asInt(1);
    }

    int length() {
        return json.get("parameterCount").asInt();
    }

    ScapeConfig config(ShardingMode sharding) {
        ScapeConfig.Builder builder = ScapeConfig.builder()
                .optimizer(optimizer())
                .density(json.path("density").asDouble(1))
                .warmupSteps(json.path("warmupSteps").asInt(1))
                .maskRefreshInterval(json.path("refreshInterval").asInt(1))
                .catchUp(catchUp())
                .sharding(sharding);
        JsonNode clip = json.path("globalClipNorm");
        if (clip.isNumber()) {
            builder.globalClipNorm(clip.asDouble());
        }
        return builder.build();
    }

    private CatchUp catchUp() {
        return switch (json.path("catchUp").asText("none")) {
            case "capped" -> CatchUp.capped(json.get("catchUpCap").asInt());
            case "closedForm" -> CatchUp.closedForm();
            default -> CatchUp.none();
        };
    }

    AdamSConfig optimizer() {
        return new AdamSConfig(
                json.get("beta1").asDouble(),
                json.get("beta2").asDouble(),
                json.get("epsilon").asDouble(),
                json.get("weightDecay").asDouble(),
                json.get("biasCorrection").asBoolean());
    }

    ParameterLayout layout() {
        AdamSConfig common = optimizer();
        List<ParameterBlock> blocks = new ArrayList<>();
        int at = 0;
        for (JsonNode block : json.get("blocks")) {
            AdamSConfig own = new AdamSConfig(
                    block.path("beta1").asDouble(common.beta1()),
                    block.path("beta2").asDouble(common.beta2()),
                    block.path("epsilon").asDouble(common.epsilon()),
                    block.path("weightDecay").asDouble(common.weightDecay()),
                    common.biasCorrection());
            int end = at + block.get("length").asInt();
            blocks.add(new ParameterBlock("block" + blocks.size(), new IndexRange(at, end), BlockRole.SPARSE, own));
            at = end;
        }
        if (blocks.isEmpty()) {
            blocks.add(new ParameterBlock("all", new IndexRange(0, length()), BlockRole.SPARSE, common));
        }
        JsonNode buckets = json.path("buckets");
        return buckets.isArray() ? ParameterLayout.of(blocks, ints(buckets)) : ParameterLayout.of(blocks);
    }

    LearningRates rates(JsonNode step) {
        double rate = step.get("learningRate").asDouble();
        JsonNode blocks = json.get("blocks");
        return block -> blocks.isEmpty()
                ? rate
                : rate * blocks.get(block).path("learningRateMultiplier").asDouble(1);
    }

    double tolerance(double expected) {
        JsonNode tolerance = json.get("tolerance");
        return tolerance.get("absolute").asDouble() + tolerance.get("relative").asDouble() * Math.abs(expected);
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    @Override
    public String toString() {
        return name;
    }
}
