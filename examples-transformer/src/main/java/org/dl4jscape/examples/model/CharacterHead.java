package org.dl4jscape.examples.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Norm, projection to the vocabulary, and softmax cross entropy against next-token ids [batch, time].
 *
 * <p>The score is the mean over all tokens, in nats a token. The gradient is the sum over windows of each window's mean, because
 * Deeplearning4j divides by the number of windows afterwards.
 */
public final class CharacterHead extends HandWrittenLayer {
    /** Name of the matrix that makes logits of vectors. */
    static final String PROJECTION = "project";

    private static final long serialVersionUID = 1L;

    @JsonProperty
    private int vocabulary;

    @JsonProperty
    private int width;

    @JsonProperty
    private boolean rootMeanSquare;

    /** For Jackson. */
    public CharacterHead() {}

    /**
     * With its shape.
     *
     * @param vocabulary number of tokens
     * @param width of a vector
     * @param rootMeanSquare whether the norm is one by root mean square, else a layer norm
     */
    public CharacterHead(int vocabulary, int width, boolean rootMeanSquare) {
        this.vocabulary = vocabulary;
        this.width = width;
        this.rootMeanSquare = rootMeanSquare;
    }

    RowNorm norm() {
        return rootMeanSquare ? new RmsNorm(width) : new LayerNorm(width);
    }

    int vocabulary() {
        return vocabulary;
    }

    int width() {
        return width;
    }

    @Override
    List<Tensor> tensors() {
        Tensor gain = Tensor.constant("normgain", width, 1);
        Tensor project = Tensor.normal(PROJECTION, width, vocabulary, 0.02);
        return rootMeanSquare ? List.of(gain, project) : List.of(gain, Tensor.constant("normbias", width, 0), project);
    }

    @Override
    HandWrittenRuntime<?> runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new CharacterHeadRuntime(conf, dataType, this);
    }
}
