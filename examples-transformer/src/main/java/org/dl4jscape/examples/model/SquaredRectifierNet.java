package org.dl4jscape.examples.model;

/** width to 4 * width to width with a squared rectifier between (Primer, arXiv 2109.08668); tensors {@code up}, {@code upbias}, {@code down}. */
final class SquaredRectifierNet implements BlockPart {
    private final int w;
    private final int wide;
    private final MatrixProduct product;
    private float[] hidden = new float[0];
    private float[] active = new float[0];
    private float[] dActive = new float[0];

    SquaredRectifierNet(int width, MatrixProduct product) {
        w = width;
        wide = 4 * width;
        this.product = product;
    }

    @Override
    public int length() {
        return 2 * w * wide + wide;
    }

    private int biasAt(int at) {
        return at + w * wide;
    }

    private int downAt(int at) {
        return biasAt(at) + wide;
    }

    @Override
    public void forward(float[] x, float[] params, int at, float[] out, Rows rows) {
        int n = rows.count();
        hidden = Rows.sized(hidden, n * wide);
        active = Rows.sized(active, n * wide);
        product.multiply(x, params, at, hidden, n, wide, w);
        int bias = biasAt(at);
        for (int r = 0; r < n; r++) {
            int o = r * wide;
            for (int i = 0; i < wide; i++) {
                float h = Math.max(hidden[o + i] + params[bias + i], 0f);
                hidden[o + i] = h;
                active[o + i] = h * h;
            }
        }
        product.multiply(active, params, downAt(at), out, n, w, wide);
    }

    @Override
    public void backward(float[] x, float[] dOut, float[] params, int at, float[] gradients, float[] dx, Rows rows) {
        int n = rows.count();
        dActive = Rows.sized(dActive, n * wide);
        product.multiplyByTranspose(dOut, params, downAt(at), dActive, n, w, wide);
        product.transposeMultiply(active, dOut, gradients, downAt(at), n, w, wide);
        for (int i = 0; i < n * wide; i++) {
            dActive[i] *= 2 * hidden[i];
        }
        sumRows(dActive, gradients, biasAt(at), n);
        product.transposeMultiply(x, dActive, gradients, at, n, wide, w);
        product.multiplyByTranspose(dActive, params, at, dx, n, wide, w);
    }

    private void sumRows(float[] values, float[] into, int at, int rows) {
        java.util.Arrays.fill(into, at, at + wide, 0f);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < wide; i++) {
                into[at + i] += values[r * wide + i];
            }
        }
    }
}
