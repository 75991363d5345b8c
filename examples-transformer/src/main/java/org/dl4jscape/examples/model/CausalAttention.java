package org.dl4jscape.examples.model;

/**
 * Causal multi-head attention between projected queries, keys and values, forward and backward.
 *
 * <p>Positions enter as a linear penalty on distance (ALiBi, arXiv 2108.12409): head h of H adds -2^(-8h/H) * (i - j) to the score
 * of query i and key j. The slopes are the paper's, shifted by one so that the first head starts at 1: in characters, what
 * came just before matters most, and a network that sees it from its first step needs no time to discover it.
 *
 * <p>{@code qkv} is [batch * time, width + 2 * groups * headWidth]: queries, keys, values, each cut into heads; several heads of
 * queries may share one of keys and values. Loops run over contiguous memory, so
 * that HotSpot turns them into vector instructions.
 */
final class CausalAttention {
    private final int width;
    private final int columns;
    private final int heads;
    private final int perGroup;
    private final int headWidth;
    private final float scale;
    private final float[] slopes;
    private float[] weights = new float[0];
    private float[] keys = new float[0];
    private float[] dScores = new float[0];

    /**
     * With its shape.
     *
     * @param shape of the heads
     * @param penalizesDistance whether positions enter here; else they are in queries and keys already
     */
    CausalAttention(Heads shape, boolean penalizesDistance) {
        width = shape.width();
        columns = shape.projected();
        heads = shape.heads();
        perGroup = heads / shape.groups();
        headWidth = shape.headWidth();
        scale = (float) (1 / Math.sqrt(headWidth));
        slopes = new float[heads];
        for (int h = 0; h < heads; h++) {
            slopes[h] = penalizesDistance ? (float) StrictMath.pow(2, -8.0 * h / heads) : 0;
        }
    }

    /** First column of the keys that a head looks at. */
    private int keyAt(int h) {
        return width + h / perGroup * headWidth;
    }

    /** First column of the values that a head gathers. */
    private int valueAt(int h) {
        return keyAt(h) + (columns - width) / 2;
    }

    /** out[batch * time, width] = softmax(q k' / sqrt(headWidth) - slope * distance, causal) v, head by head. */
    void forward(float[] qkv, float[] out, int batch, int time) {
        int needed = batch * heads * time * time;
        if (weights.length < needed) {
            weights = new float[needed];
            keys = new float[headWidth * time];
            dScores = new float[time];
        }
        java.util.Arrays.fill(out, 0, batch * time * width, 0f);
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                transposeKeys(qkv, b, h, time);
                for (int i = 0; i < time; i++) {
                    int row = ((b * heads + h) * time + i) * time;
                    penalizeDistance(row, slopes[h], i);
                    score(qkv, (b * time + i) * columns + h * headWidth, row, i, time);
                    softmax(row, i);
                    int o = (b * time + i) * width + h * headWidth;
                    for (int j = 0; j <= i; j++) {
                        float weight = weights[row + j];
                        int v = (b * time + j) * columns + valueAt(h);
                        for (int d = 0; d < headWidth; d++) {
                            out[o + d] += weight * qkv[v + d];
                        }
                    }
                }
            }
        }
    }

    private void transposeKeys(float[] qkv, int b, int h, int time) {
        for (int j = 0; j < time; j++) {
            int k = (b * time + j) * columns + keyAt(h);
            for (int d = 0; d < headWidth; d++) {
                keys[d * time + j] = qkv[k + d];
            }
        }
    }

    private void penalizeDistance(int row, float slope, int i) {
        for (int j = 0; j <= i; j++) {
            weights[row + j] = slope * (j - i);
        }
    }

    private void score(float[] qkv, int q, int row, int i, int time) {
        for (int d = 0; d < headWidth; d++) {
            float factor = qkv[q + d] * scale;
            int k = d * time;
            for (int j = 0; j <= i; j++) {
                weights[row + j] += factor * keys[k + j];
            }
        }
    }

    private void softmax(int row, int i) {
        float largest = weights[row];
        for (int j = 1; j <= i; j++) {
            largest = Math.max(largest, weights[row + j]);
        }
        float sum = 0;
        for (int j = 0; j <= i; j++) {
            float e = (float) Math.exp(weights[row + j] - largest);
            weights[row + j] = e;
            sum += e;
        }
        float inverse = 1 / sum;
        for (int j = 0; j <= i; j++) {
            weights[row + j] *= inverse;
        }
    }

    /** dQkv = gradient of qkv, given that of the output. */
    void backward(float[] qkv, float[] dOut, float[] dQkv, int batch, int time) {
        java.util.Arrays.fill(dQkv, 0, batch * time * columns, 0f);
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < time; i++) {
                    backwardRow(qkv, dOut, dQkv, b, h, i, time);
                }
            }
        }
    }

    private void backwardRow(float[] qkv, float[] dOut, float[] dQkv, int b, int h, int i, int time) {
        int row = ((b * heads + h) * time + i) * time;
        int o = (b * time + i) * width + h * headWidth;
        float dot = 0;
        for (int j = 0; j <= i; j++) {
            int v = (b * time + j) * columns + valueAt(h);
            float weight = weights[row + j];
            float sum = 0;
            for (int d = 0; d < headWidth; d++) {
                sum += dOut[o + d] * qkv[v + d];
            }
            for (int d = 0; d < headWidth; d++) {
                dQkv[v + d] += weight * dOut[o + d];
            }
            dScores[j] = sum;
            dot += sum * weight;
        }
        int q = (b * time + i) * columns + h * headWidth;
        for (int j = 0; j <= i; j++) {
            float ds = weights[row + j] * (dScores[j] - dot) * scale;
            int k = (b * time + j) * columns + keyAt(h);
            for (int d = 0; d < headWidth; d++) {
                dQkv[q + d] += ds * qkv[k + d];
                dQkv[k + d] += ds * qkv[q + d];
            }
        }
    }
}
