package org.dl4jscape.core.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.golden.GoldenFiles;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.IndexRange;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;

/** One golden file: how to set a run up, and what to expect of each step. */
record GoldenCase(String name, JsonNode json) {
    static List<GoldenCase> all(GoldenFiles kind) {
        List<GoldenCase> cases = new ArrayList<>();
        for (Path file : kind.paths()) {
            cases.add(new GoldenCase(file.getFileName().toString(), GoldenFiles.read(file)));
        }
        return cases;
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
        return buckets.isArray() ? ParameterLayout.of(blocks, GoldenFiles.ints(buckets)) : ParameterLayout.of(blocks);
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

    @Override
    public String toString() {
        return name;
    }
}
