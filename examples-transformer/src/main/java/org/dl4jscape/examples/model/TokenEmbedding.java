package org.dl4jscape.examples.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Token ids [batch, time] to vectors [batch * time, width]; positions enter in the attention. */
public final class TokenEmbedding extends HandWrittenLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private int vocabulary;

    @JsonProperty
    private int context;

    @JsonProperty
    private int width;

    /** For Jackson. */
    public TokenEmbedding() {}

    /** With a vocabulary, the largest time, and the width of a vector. */
    public TokenEmbedding(int vocabulary, int context, int width) {
        this.vocabulary = vocabulary;
        this.context = context;
        this.width = width;
    }

    int vocabulary() {
        return vocabulary;
    }

    int context() {
        return context;
    }

    @Override
    List<Tensor> tensors() {
        return List.of(Tensor.normal("tokens", vocabulary, width, 0.02));
    }

    @Override
    HandWrittenRuntime<?> runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new Runtime(conf, dataType);
    }

    static final class Runtime extends HandWrittenRuntime<TokenEmbedding> {
        private static final long serialVersionUID = 1L;

        private float[] ids = new float[0];
        private float[] vectors = new float[0];

        Runtime(NeuralNetConfiguration conf, DataType dataType) {
            super(conf, dataType);
        }

        @Override
        public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
            TokenEmbedding shape = layerConf();
            int batch = (int) input.size(0);
            int time = (int) input.size(1);
            if (time > shape.context) {
                throw new IllegalArgumentException(
                        time + " tokens a window (expected: <= context " + shape.context + ")");
            }
            int width = shape.width;
            float[] weights = loadWeights();
            if (ids.length != batch * time) {
                ids = new float[batch * time];
                vectors = new float[batch * time * width];
            }
            read(input, ids, batch * time);
            for (int row = 0; row < batch * time; row++) {
                System.arraycopy(weights, (int) ids[row] * width, vectors, row * width, width);
            }
            INDArray out = workspaces.createUninitialized(
                    ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {(long) batch * time, width}, 'c');
            write(vectors, out, vectors.length);
            return out;
        }

        @Override
        public Pair<Gradient, @Nullable INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            TokenEmbedding shape = layerConf();
            int width = shape.width;
            float[] gradients = weightGradients();
            java.util.Arrays.fill(gradients, 0f);
            read(epsilon, vectors, vectors.length);
            for (int row = 0; row < ids.length; row++) {
                int token = (int) ids[row] * width;
                for (int i = 0; i < width; i++) {
                    gradients[token + i] += vectors[row * width + i];
                }
            }
            return new Pair<>(storeGradients(), null);
        }
    }
}
