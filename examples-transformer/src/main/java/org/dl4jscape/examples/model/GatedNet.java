package org.dl4jscape.examples.model;

/** (silu(x * gate) . (x * up)) * down (SwiGLU, arXiv 2002.05202), silu(a) = a / (1 + e^-a); tensors {@code gateup}, {@code down}. */
final class GatedNet implements BlockPart {
    private final int w;
    private final int hidden;
    private final MatrixProduct product;
    private float[] both = new float[0];
    private float[] active = new float[0];
    private float[] dBoth = new float[0];
    private float[] dActive = new float[0];

    /** The gate's columns stand before those of the branch that it gates. */
    GatedNet(int width, int hidden, MatrixProduct product) {
        w = width;
        this.hidden = hidden;
        this.product = product;
    }

    @Override
    public int length() {
        return 3 * w * hidden;
    }

    private int downAt(int at) {
        return at + 2 * w * hidden;
    }

    @Override
    public void forward(float[] x, float[] params, int at, float[] out, Rows rows) {
        int n = rows.count();
        both = Rows.sized(both, n * 2 * hidden);
        active = Rows.sized(active, n * hidden);
        product.multiply(x, params, at, both, n, 2 * hidden, w);
        for (int r = 0; r < n; r++) {
            int o = r * 2 * hidden;
            for (int i = 0; i < hidden; i++) {
                float a = both[o + i];
                active[r * hidden + i] = a * sigmoid(a) * both[o + hidden + i];
            }
        }
        product.multiply(active, params, downAt(at), out, n, w, hidden);
    }

    private static float sigmoid(float a) {
        return (float) (1 / (1 + Math.exp(-a)));
    }

    @Override
    public void backward(float[] x, float[] dOut, float[] params, int at, float[] gradients, float[] dx, Rows rows) {
        int n = rows.count();
        dBoth = Rows.sized(dBoth, n * 2 * hidden);
        dActive = Rows.sized(dActive, n * hidden);
        product.multiplyByTranspose(dOut, params, downAt(at), dActive, n, w, hidden);
        product.transposeMultiply(active, dOut, gradients, downAt(at), n, w, hidden);
        for (int r = 0; r < n; r++) {
            int o = r * 2 * hidden;
            for (int i = 0; i < hidden; i++) {
                float a = both[o + i];
                float s = sigmoid(a);
                float d = dActive[r * hidden + i];
                dBoth[o + i] = d * both[o + hidden + i] * s * (1 + a * (1 - s));
                dBoth[o + hidden + i] = d * a * s;
            }
        }
        product.transposeMultiply(x, dBoth, gradients, at, n, 2 * hidden, w);
        product.multiplyByTranspose(dBoth, params, at, dx, n, 2 * hidden, w);
    }
}
