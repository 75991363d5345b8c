package org.dl4jscape.examples.model;

/** Root mean square normalisation of rows with gain (arXiv 1910.07467), forward and backward. */
final class RmsNorm implements RowNorm {
    private static final float EPSILON = 1e-5f;

    private final int width;
    private float[] normalized = new float[0];
    private float[] inverse = new float[0];

    RmsNorm(int width) {
        this.width = width;
    }

    @Override
    public int length() {
        return width;
    }

    /** out = gain * x / sqrt(mean(x^2) + 1e-5), row by row. */
    @Override
    public void forward(float[] x, float[] params, int at, float[] out, int rows) {
        if (normalized.length < rows * width) {
            normalized = new float[rows * width];
            inverse = new float[rows];
        }
        for (int r = 0; r < rows; r++) {
            int o = r * width;
            float squares = 0;
            for (int i = 0; i < width; i++) {
                squares += x[o + i] * x[o + i];
            }
            float scale = (float) (1 / Math.sqrt(squares / width + EPSILON));
            inverse[r] = scale;
            for (int i = 0; i < width; i++) {
                float n = x[o + i] * scale;
                normalized[o + i] = n;
                out[o + i] = params[at + i] * n;
            }
        }
    }

    @Override
    public void backward(float[] dOut, float[] params, int at, float[] gradients, float[] dx, int rows) {
        java.util.Arrays.fill(gradients, at, at + width, 0f);
        for (int r = 0; r < rows; r++) {
            int o = r * width;
            float dot = 0;
            for (int i = 0; i < width; i++) {
                gradients[at + i] += dOut[o + i] * normalized[o + i];
                dot += dOut[o + i] * params[at + i] * normalized[o + i];
            }
            dot /= width;
            for (int i = 0; i < width; i++) {
                dx[o + i] += inverse[r] * (dOut[o + i] * params[at + i] - normalized[o + i] * dot);
            }
        }
    }
}
