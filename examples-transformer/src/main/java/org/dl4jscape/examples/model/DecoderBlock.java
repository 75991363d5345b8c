package org.dl4jscape.examples.model;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One block of a decoder, [batch * time, width] to the same shape: x + attention(norm(x)), then y + net(norm(y)), the net being
 * width to 4 * width to width with a squared rectifier between (Primer, arXiv 2109.08668).
 */
public final class DecoderBlock extends BlockLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private int width;

    @JsonProperty
    private int heads;

    @JsonProperty
    private int context;

    @JsonProperty
    private int blocks;

    /** For Jackson. */
    public DecoderBlock() {}

    /**
     * With its shape.
     *
     * @param width of a vector
     * @param heads of the attention; divides the width
     * @param context tokens of a window: rows are cut into windows of this length
     * @param blocks number of blocks in the network; scales the initial residual branches
     */
    public DecoderBlock(int width, int heads, int context, int blocks) {
        this.width = new Heads(width, heads, heads).width();
        this.heads = heads;
        this.context = context;
        this.blocks = blocks;
    }

    @Override
    List<Tensor> tensors() {
        double residual = 0.02 / Math.sqrt(2.0 * blocks);
        return List.of(
                Tensor.constant("norm1gain", width, 1),
                Tensor.constant("norm1bias", width, 0),
                Tensor.normal("qkv", width, 3 * width, 0.02),
                Tensor.normal("mix", width, width, residual),
                Tensor.constant("norm2gain", width, 1),
                Tensor.constant("norm2bias", width, 0),
                Tensor.normal("up", width, 4 * width, 0.04),
                Tensor.constant("upbias", 4 * width, 0),
                Tensor.normal("down", 4 * width, width, residual));
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
        return new LayerNorm(width);
    }

    @Override
    BlockPart attention(MatrixProduct product) {
        return new AttentionPart(new Heads(width, heads, heads), false, product);
    }

    @Override
    BlockPart net(MatrixProduct product) {
        return new SquaredRectifierNet(width, product);
    }
}
