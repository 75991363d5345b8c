package org.dl4jscape.examples.model;

/** Layer normalisation of rows with gain and bias, forward and backward; keeps what the backward pass needs. */
final class LayerNorm implements RowNorm {
    private static final float EPSILON = 1e-5f;

    private final int width;
    private float[] normalized = new float[0];
    private float[] inverse = new float[0];

    LayerNorm(int width) {
        this.width = width;
    }

    @Override
    public int length() {
        return 2 * width;
    }

    /** out = gain * (x - mean) / sqrt(var + 1e-5) + bias, row by row; gain at {@code at}, bias after it. */
    @Override
    public void forward(float[] x, float[] params, int at, float[] out, int rows) {
        if (normalized.length < rows * width) {
            normalized = new float[rows * width];
            inverse = new float[rows];
        }
        for (int r = 0; r < rows; r++) {
            int o = r * width;
            float mean = 0;
            for (int i = 0; i < width; i++) {
                mean += x[o + i];
            }
            mean /= width;
            float variance = 0;
            for (int i = 0; i < width; i++) {
                float centred = x[o + i] - mean;
                variance += centred * centred;
            }
            float scale = (float) (1 / Math.sqrt(variance / width + EPSILON));
            inverse[r] = scale;
            for (int i = 0; i < width; i++) {
                float n = (x[o + i] - mean) * scale;
                normalized[o + i] = n;
                out[o + i] = params[at + i] * n + params[at + width + i];
            }
        }
    }

    @Override
    public void backward(float[] dOut, float[] params, int at, float[] gradients, float[] dx, int rows) {
        java.util.Arrays.fill(gradients, at, at + 2 * width, 0f);
        for (int r = 0; r < rows; r++) {
            int o = r * width;
            float sum = 0;
            float dot = 0;
            for (int i = 0; i < width; i++) {
                float d = dOut[o + i];
                gradients[at + i] += d * normalized[o + i];
                gradients[at + width + i] += d;
                float scaled = d * params[at + i];
                sum += scaled;
                dot += scaled * normalized[o + i];
            }
            sum /= width;
            dot /= width;
            float scale = inverse[r];
            for (int i = 0; i < width; i++) {
                dx[o + i] += scale * (dOut[o + i] * params[at + i] - sum - normalized[o + i] * dot);
            }
        }
    }
}
