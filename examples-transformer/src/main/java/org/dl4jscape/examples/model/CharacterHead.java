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
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private int vocabulary;

    @JsonProperty
    private int width;

    /** For Jackson. */
    public CharacterHead() {}

    /** With the vocabulary and the width of a vector. */
    public CharacterHead(int vocabulary, int width) {
        this.vocabulary = vocabulary;
        this.width = width;
    }

    int vocabulary() {
        return vocabulary;
    }

    int width() {
        return width;
    }

    @Override
    List<Tensor> tensors() {
        return List.of(
                Tensor.constant("normgain", width, 1),
                Tensor.constant("normbias", width, 0),
                Tensor.normal("project", width, vocabulary, 0.02));
    }

    @Override
    HandWrittenRuntime<?> runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new CharacterHeadRuntime(conf, dataType, this);
    }
}
