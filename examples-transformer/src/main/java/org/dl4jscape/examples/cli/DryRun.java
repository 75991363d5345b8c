package org.dl4jscape.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.IndexRange;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.ExpectedBytes;
import org.dl4jscape.examples.model.DecoderShape;
import org.dl4jscape.examples.model.MatrixSpeed;

/** What a training would take, by formulas: nothing of the model is allocated. */
final class DryRun {
    private final String preset;
    private final DecoderShape shape;
    private final PretrainOptions options;
    private final ScapeConfig config;

    DryRun(DecoderShape shape, PretrainOptions options) {
        preset = options.preset;
        this.shape = shape;
        this.options = options;
        config = options.config();
    }

    /** Its parameters as the exchange will see them. */
    static ShardLayout layout(DecoderShape shape, ScapeConfig config, int ranks) {
        List<ParameterBlock> blocks = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, Integer> tensor : shape.tensors().entrySet()) {
            int length = tensor.getValue();
            BlockRole role = length < config.denseBelow() ? BlockRole.DENSE : BlockRole.SPARSE;
            blocks.add(new ParameterBlock(tensor.getKey(), new IndexRange(at, at + length), role, config.optimizer()));
            at += length;
        }
        return new ShardLayout(ParameterLayout.of(blocks), ranks);
    }

    /** The text for the terminal. */
    String describe() {
        ExpectedBytes bytes = ExpectedBytes.of(config, layout(shape, config, options.ranks));
        MemoryNeed memory = MemoryNeed.of(shape, config, options.ranks, options.batch);
        long tokens = (long) options.batch * shape.context();
        double flops = 6.0 * shape.parameters() * tokens;
        Double given = options.deviceTflops;
        double speed = given == null ? MatrixSpeed.flopsPerSecond() : given * 1e12;
        double compute = flops / speed;
        double bytesPerSecond = options.linkGbit * 1e9 / 8;
        double sparse = bytes.total() / bytesPerSecond;
        double dense = bytes.dense() / bytesPerSecond;
        StringBuilder text = new StringBuilder();
        line(text, "preset %s: %,d parameters%s", preset, shape.parameters(), note());
        line(
                text,
                "  %d blocks of width %d, %d heads (%d of keys and values), net of %d, context %d, vocabulary %,d",
                shape.blocks(),
                shape.width(),
                shape.heads(),
                shape.groups(),
                shape.hidden(),
                shape.context(),
                shape.vocabulary());
        line(text, "memory a rank: %s", MemoryNeed.gibibytes(memory.total()));
        line(text, "  outside the heap: %s", parts(memory.nativeBytes()));
        line(text, "  heap: %s", parts(memory.heapBytes()));
        line(
                text,
                "bytes a rank and step, %d ranks, density %s: values %,.0f, mask %,.0f, control %,.0f; together %,.0f",
                options.ranks,
                bytes.density(),
                bytes.values(),
                bytes.mask(),
                bytes.control(),
                bytes.total());
        line(text, "  dense exchange: %,.0f (%.1f times as many)", bytes.dense(), 1 / bytes.ratio());
        line(text, "a step of %,d tokens a rank at %s Gbit/s:", tokens, options.linkGbit);
        line(
                text,
                "  arithmetic %s (6 operations a parameter and token; %,.0f GFLOP/s%s)",
                seconds(compute),
                speed / 1e9,
                given == null ? ", one core here" : "");
        line(text, "  exchange   %s, dense %s", seconds(sparse), seconds(dense));
        line(
                text,
                "  together   %s, dense %s: %.2f times as fast",
                seconds(compute + sparse),
                seconds(compute + dense),
                (compute + dense) / (compute + sparse));
        return text.toString();
    }

    private String note() {
        if (shape.tied()) {
            return ", head tied to the embedding (dry run only)";
        }
        return shape.parameters() > DecoderShape.MOST_PARAMETERS
                ? String.format(
                        Locale.ROOT, " (dry run only: one network holds at most %,d)", DecoderShape.MOST_PARAMETERS)
                : "";
    }

    private static String parts(Map<String, Long> bytes) {
        return bytes.entrySet().stream()
                .filter(part -> part.getValue() > 0)
                .map(part -> part.getKey() + " " + MemoryNeed.gibibytes(part.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String seconds(double value) {
        return value < 1
                ? String.format(Locale.ROOT, "%.2f ms", value * 1e3)
                : String.format(Locale.ROOT, "%.2f s", value);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
