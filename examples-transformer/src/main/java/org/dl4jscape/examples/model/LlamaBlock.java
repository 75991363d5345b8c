package org.dl4jscape.examples.model;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One block as in Llama (arXiv 2302.13971, 2307.09288): norms by root mean square, rotary positions, grouped heads of keys and
 * values, a gated net; no biases.
 */
public final class LlamaBlock extends BlockLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private int width;

    @JsonProperty
    private int heads;

    @JsonProperty
    private int groups;

    @JsonProperty
    private int hidden;

    @JsonProperty
    private int context;

    @JsonProperty
    private int blocks;

    /** For Jackson. */
    public LlamaBlock() {}

    /** With the shape of the network that it is a block of. */
    LlamaBlock(DecoderShape shape) {
        Heads checked = shape.attention();
        if (checked.headWidth() % 2 != 0) {
            throw new IllegalArgumentException("heads of width " + checked.headWidth()
                    + " (expected: even), since rotary positions turn pairs of values");
        }
        width = shape.width();
        heads = shape.heads();
        groups = shape.groups();
        hidden = shape.hidden();
        context = shape.context();
        blocks = shape.blocks();
    }

    @Override
    List<Tensor> tensors() {
        double residual = 0.02 / Math.sqrt(2.0 * blocks);
        return List.of(
                Tensor.constant("norm1gain", width, 1),
                Tensor.normal("qkv", width, new Heads(width, heads, groups).projected(), 0.02),
                Tensor.normal("mix", width, width, residual),
                Tensor.constant("norm2gain", width, 1),
                Tensor.normal("gateup", width, 2 * hidden, 0.02),
                Tensor.normal("down", hidden, width, residual));
    }

    @Override
    int width() {
        return width;
    }

    @Override
    int context() {
        return context;
    }

    @Override
    RowNorm norm() {
        return new RmsNorm(width);
    }

    @Override
    BlockPart attention(MatrixProduct product) {
        return new AttentionPart(new Heads(width, heads, groups), true, product);
    }

    @Override
    BlockPart net(MatrixProduct product) {
        return new GatedNet(width, hidden, product);
    }
}
