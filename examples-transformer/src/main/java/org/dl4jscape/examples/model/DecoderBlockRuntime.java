package org.dl4jscape.examples.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The passes of {@link DecoderBlock}; w below is its width, n the number of rows. */
final class DecoderBlockRuntime extends HandWrittenRuntime<DecoderBlock> {
    private static final long serialVersionUID = 1L;

    private final int w;
    private final int qkvAt;
    private final int mixAt;
    private final int norm2At;
    private final int upAt;
    private final int upBiasAt;
    private final int downAt;
    private final transient MatrixProduct product = new MatrixProduct();
    private final transient Norm norm1;
    private final transient Norm norm2;
    private final transient CausalAttention attention;
    private int rows;
    private int batch;
    private int time;
    private float[] x = new float[0];
    private float[] normed1 = new float[0];
    private float[] qkv = new float[0];
    private float[] attended = new float[0];
    private float[] y = new float[0];
    private float[] normed2 = new float[0];
    private float[] hidden = new float[0];
    private float[] active = new float[0];
    private float[] wide = new float[0];
    private float[] narrow = new float[0];

    DecoderBlockRuntime(NeuralNetConfiguration conf, DataType dataType, DecoderBlock shape) {
        super(conf, dataType);
        w = shape.width();
        norm1 = new Norm(w);
        norm2 = new Norm(w);
        attention = new CausalAttention(w, shape.heads());
        qkvAt = 2 * w;
        mixAt = qkvAt + 3 * w * w;
        norm2At = mixAt + w * w;
        upAt = norm2At + 2 * w;
        upBiasAt = upAt + 4 * w * w;
        downAt = upBiasAt + 4 * w;
    }

    private void size() {
        time = Math.min(layerConf().context(), (int) input.size(0));
        if (input.size(0) % time != 0) {
            throw new IllegalArgumentException(input.size(0) + " rows are no whole number of windows of " + time
                    + " tokens; use windows of full length");
        }
        batch = (int) input.size(0) / time;
        if (rows == batch * time) {
            return;
        }
        rows = batch * time;
        x = new float[rows * w];
        normed1 = new float[rows * w];
        qkv = new float[rows * 3 * w];
        attended = new float[rows * w];
        y = new float[rows * w];
        normed2 = new float[rows * w];
        hidden = new float[rows * 4 * w];
        active = new float[rows * 4 * w];
        wide = new float[rows * 4 * w];
        narrow = new float[rows * w];
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        size();
        float[] p = loadWeights();
        read(input, x, rows * w);
        norm1.forward(x, p, 0, normed1, rows);
        product.multiply(normed1, p, qkvAt, qkv, rows, 3 * w, w);
        attention.forward(qkv, attended, batch, time);
        product.multiply(attended, p, mixAt, y, rows, w, w);
        add(y, x);
        norm2.forward(y, p, norm2At, normed2, rows);
        product.multiply(normed2, p, upAt, hidden, rows, 4 * w, w);
        rectify(p);
        product.multiply(active, p, downAt, narrow, rows, w, 4 * w);
        add(narrow, y);
        INDArray out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {rows, w}, 'c');
        write(narrow, out, rows * w);
        return out;
    }

    /** hidden += bias; active = max(hidden, 0)^2. */
    private void rectify(float[] p) {
        for (int r = 0; r < rows; r++) {
            int o = r * 4 * w;
            for (int i = 0; i < 4 * w; i++) {
                float h = Math.max(hidden[o + i] + p[upBiasAt + i], 0f);
                hidden[o + i] = h;
                active[o + i] = h * h;
            }
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        float[] p = loadWeights();
        float[] g = weightGradients();
        float[] d = narrow;
        read(epsilon, d, rows * w);
        product.multiplyByTranspose(d, p, downAt, wide, rows, w, 4 * w);
        product.transposeMultiply(active, d, g, downAt, rows, w, 4 * w);
        for (int i = 0; i < rows * 4 * w; i++) {
            wide[i] *= 2 * hidden[i];
        }
        sumRows(wide, 4 * w, g, upBiasAt);
        product.transposeMultiply(normed2, wide, g, upAt, rows, 4 * w, w);
        float[] dNormed = normed2;
        product.multiplyByTranspose(wide, p, upAt, dNormed, rows, 4 * w, w);
        norm2.backward(dNormed, p, norm2At, g, d, rows);
        // d is now the gradient of y, and of x along the residual branch.
        product.transposeMultiply(attended, d, g, mixAt, rows, w, w);
        float[] dAttended = dNormed;
        product.multiplyByTranspose(d, p, mixAt, dAttended, rows, w, w);
        float[] dQkv = wide;
        attention.backward(qkv, dAttended, dQkv, batch, time);
        product.transposeMultiply(normed1, dQkv, g, qkvAt, rows, 3 * w, w);
        product.multiplyByTranspose(dQkv, p, qkvAt, dNormed, rows, 3 * w, w);
        norm1.backward(dNormed, p, 0, g, d, rows);
        INDArray dx =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {rows, w}, 'c');
        write(d, dx, rows * w);
        return new Pair<>(storeGradients(), dx);
    }

    private void sumRows(float[] values, int columns, float[] into, int at) {
        java.util.Arrays.fill(into, at, at + columns, 0f);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < columns; i++) {
                into[at + i] += values[r * columns + i];
            }
        }
    }

    private static void add(float[] into, float[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] += other[i];
        }
    }
}
