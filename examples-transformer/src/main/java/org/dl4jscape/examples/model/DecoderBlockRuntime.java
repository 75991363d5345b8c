package org.dl4jscape.examples.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The passes of every block: y = x + attention(norm(x)), then y + net(norm(y)). Which norm, attention and net, the layer says. */
final class DecoderBlockRuntime extends HandWrittenRuntime<BlockLayer> {
    private static final long serialVersionUID = 1L;

    private final int w;
    private final int norm2At;
    private final int netAt;
    private final transient RowNorm norm1;
    private final transient RowNorm norm2;
    private final transient BlockPart attention;
    private final transient BlockPart net;
    private Rows rows = new Rows(0, 0);
    private float[] x = new float[0];
    private float[] normed1 = new float[0];
    private float[] y = new float[0];
    private float[] normed2 = new float[0];
    private float[] out = new float[0];
    private float[] dNormed = new float[0];

    DecoderBlockRuntime(NeuralNetConfiguration conf, DataType dataType, BlockLayer shape) {
        super(conf, dataType);
        MatrixProduct product = new MatrixProduct();
        w = shape.width();
        norm1 = shape.norm();
        norm2 = shape.norm();
        attention = shape.attention(product);
        net = shape.net(product);
        norm2At = norm1.length() + attention.length();
        netAt = norm2At + norm2.length();
    }

    private void size() {
        int given = (int) input.size(0);
        int time = Math.min(layerConf().context(), given);
        if (given % time != 0) {
            throw new IllegalArgumentException(
                    given + " rows are no whole number of windows of " + time + " tokens; use windows of full length");
        }
        if (rows.count() == given && rows.time() == time) {
            return;
        }
        rows = new Rows(given / time, time);
        x = new float[given * w];
        normed1 = new float[given * w];
        y = new float[given * w];
        normed2 = new float[given * w];
        out = new float[given * w];
        dNormed = new float[given * w];
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        size();
        int n = rows.count();
        float[] p = loadWeights();
        read(input, x, n * w);
        norm1.forward(x, p, 0, normed1, n);
        attention.forward(normed1, p, norm1.length(), y, rows);
        add(y, x);
        norm2.forward(y, p, norm2At, normed2, n);
        net.forward(normed2, p, netAt, out, rows);
        add(out, y);
        INDArray result = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {n, w}, 'c');
        write(out, result, n * w);
        return result;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        int n = rows.count();
        float[] p = loadWeights();
        float[] g = weightGradients();
        float[] d = out;
        read(epsilon, d, n * w);
        net.backward(normed2, d, p, netAt, g, dNormed, rows);
        norm2.backward(dNormed, p, norm2At, g, d, n);
        // d is now the gradient of y, and of x along the residual branch.
        attention.backward(normed1, d, p, norm1.length(), g, dNormed, rows);
        norm1.backward(dNormed, p, 0, g, d, n);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {n, w}, 'c');
        write(d, dx, n * w);
        return new Pair<>(storeGradients(), dx);
    }

    private static void add(float[] into, float[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] += other[i];
        }
    }
}
