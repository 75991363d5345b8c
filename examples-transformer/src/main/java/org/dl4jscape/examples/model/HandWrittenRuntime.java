package org.dl4jscape.examples.model;

import java.nio.FloatBuffer;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer whose passes work on float arrays: moves parameters, gradients and activations between them and ND4J. */
abstract class HandWrittenRuntime<C extends HandWrittenLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    private float[] weights = new float[0];
    private float[] weightGradients = new float[0];

    HandWrittenRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** The layer's parameters now, all tensors one after the other. */
    final float[] loadWeights() {
        int length = (int) paramsFlattened.length();
        if (weights.length != length) {
            weights = new float[length];
            weightGradients = new float[length];
        }
        read(paramsFlattened, weights, length);
        return weights;
    }

    /** Where the backward pass writes the gradient, as long as the parameters. */
    final float[] weightGradients() {
        return weightGradients;
    }

    /** Publishes {@link #weightGradients()} through the network's flat view. */
    final Gradient storeGradients() {
        buffer(gradientsFlattened).put(0, weightGradients);
        Gradient all = new DefaultGradient(gradientsFlattened);
        for (Map.Entry<String, INDArray> entry : gradientViews.entrySet()) {
            all.setGradientFor(entry.getKey(), entry.getValue());
        }
        return all;
    }

    /** Copies the first values of a dense array. */
    static void read(INDArray from, float[] into, int length) {
        INDArray dense = from.ordering() == 'c' && from.elementWiseStride() == 1 || from.rank() < 2 || from.rows() == 1
                ? from
                : from.dup('c');
        buffer(dense).get(0, into, 0, length);
    }

    static void write(float[] from, INDArray into, int length) {
        buffer(into).put(0, from, 0, length);
    }

    private static FloatBuffer buffer(INDArray array) {
        return array.data().asNioFloat().slice();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
