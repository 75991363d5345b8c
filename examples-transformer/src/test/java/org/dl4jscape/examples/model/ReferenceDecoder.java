package org.dl4jscape.examples.model;

import java.util.Map;
import org.dl4jscape.examples.model.DecoderShape.Family;

/**
 * The decoder once more, in double precision and as the formulas stand, without a backward pass: what the layers are compared with.
 * Knows nothing of their code but names, shapes and order of the tensors.
 */
final class ReferenceDecoder {
    private final DecoderShape shape;
    private final Map<String, double[]> tensors;
    private final int w;

    /** With parameters by layer and tensor, row-major. */
    ReferenceDecoder(DecoderShape shape, Map<String, double[]> tensors) {
        this.shape = shape;
        this.tensors = tensors;
        w = shape.width();
    }

    private double[] tensor(String name) {
        double[] found = tensors.get(name);
        if (found == null) {
            throw new IllegalStateException("no tensor " + name + " among " + tensors.keySet());
        }
        return found;
    }

    /** Mean loss of the next tokens in nats; tokens and targets [windows][time]. */
    double loss(int[][] tokens, int[][] targets) {
        double sum = 0;
        int count = 0;
        for (int b = 0; b < tokens.length; b++) {
            double[][] x = embed(tokens[b]);
            for (int block = 0; block < shape.blocks(); block++) {
                x = block(x, "block" + block + "_");
            }
            double[][] logits = product(norm(x, "head_norm"), tensor("head_project"), shape.vocabulary());
            for (int t = 0; t < logits.length; t++) {
                sum -= Math.log(softmax(logits[t], logits[t].length)[targets[b][t]]);
                count++;
            }
        }
        return sum / count;
    }

    private double[][] embed(int[] tokens) {
        double[][] x = new double[tokens.length][w];
        for (int t = 0; t < tokens.length; t++) {
            System.arraycopy(tensor("embedding_tokens"), tokens[t] * w, x[t], 0, w);
        }
        return x;
    }

    private double[][] block(double[][] x, String name) {
        double[][] y = sum(x, attention(norm(x, name + "norm1"), name));
        double[][] normed = norm(y, name + "norm2");
        return sum(y, shape.family() == Family.GPT ? squaredNet(normed, name) : gatedNet(normed, name));
    }

    private double[][] norm(double[][] x, String name) {
        double[] gain = tensor(name + "gain");
        double[][] out = new double[x.length][w];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            for (int i = 0; shape.family() == Family.GPT && i < w; i++) {
                mean += x[t][i] / w;
            }
            double squares = 0;
            for (int i = 0; i < w; i++) {
                squares += (x[t][i] - mean) * (x[t][i] - mean) / w;
            }
            for (int i = 0; i < w; i++) {
                double bias = shape.family() == Family.GPT ? tensor(name + "bias")[i] : 0;
                out[t][i] = gain[i] * (x[t][i] - mean) / Math.sqrt(squares + 1e-5) + bias;
            }
        }
        return out;
    }

    private double[][] attention(double[][] x, String name) {
        int headWidth = w / shape.heads();
        int groups = shape.groups();
        double[][] qkv = product(x, tensor(name + "qkv"), w + 2 * groups * headWidth);
        double[][] mixed = new double[x.length][w];
        for (int h = 0; h < shape.heads(); h++) {
            int group = h / (shape.heads() / groups);
            double[][] q = columns(qkv, h * headWidth, headWidth);
            double[][] k = columns(qkv, w + group * headWidth, headWidth);
            double[][] v = columns(qkv, w + (groups + group) * headWidth, headWidth);
            if (shape.family() == Family.LLAMA) {
                rotate(q);
                rotate(k);
            }
            double slope = shape.family() == Family.GPT ? Math.pow(2, -8.0 * h / shape.heads()) : 0;
            for (int i = 0; i < x.length; i++) {
                double[] scores = new double[i + 1];
                for (int j = 0; j <= i; j++) {
                    scores[j] = dot(q[i], k[j]) / Math.sqrt(headWidth) - slope * (i - j);
                }
                double[] weights = softmax(scores, i + 1);
                for (int j = 0; j <= i; j++) {
                    for (int d = 0; d < headWidth; d++) {
                        mixed[i][h * headWidth + d] += weights[j] * v[j][d];
                    }
                }
            }
        }
        return product(mixed, tensor(name + "mix"), w);
    }

    private static void rotate(double[][] rows) {
        int half = rows[0].length / 2;
        for (int t = 0; t < rows.length; t++) {
            for (int i = 0; i < half; i++) {
                double angle = t * Math.pow(10_000, -(double) i / half);
                double a = rows[t][i];
                double b = rows[t][i + half];
                rows[t][i] = a * Math.cos(angle) - b * Math.sin(angle);
                rows[t][i + half] = a * Math.sin(angle) + b * Math.cos(angle);
            }
        }
    }

    private double[][] squaredNet(double[][] x, String name) {
        double[][] hidden = product(x, tensor(name + "up"), 4 * w);
        double[] bias = tensor(name + "upbias");
        for (double[] row : hidden) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.pow(Math.max(row[i] + bias[i], 0), 2);
            }
        }
        return product(hidden, tensor(name + "down"), w);
    }

    private double[][] gatedNet(double[][] x, String name) {
        int f = shape.hidden();
        double[][] both = product(x, tensor(name + "gateup"), 2 * f);
        double[][] active = new double[x.length][f];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < f; i++) {
                active[t][i] = both[t][i] / (1 + Math.exp(-both[t][i])) * both[t][f + i];
            }
        }
        return product(active, tensor(name + "down"), w);
    }

    private static double[][] product(double[][] x, double[] matrix, int columns) {
        double[][] out = new double[x.length][columns];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                for (int c = 0; c < columns; c++) {
                    out[t][c] += x[t][i] * matrix[i * columns + c];
                }
            }
        }
        return out;
    }

    private static double[][] columns(double[][] x, int from, int count) {
        double[][] out = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            out[t] = java.util.Arrays.copyOfRange(x[t], from, from + count);
        }
        return out;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] out = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < out[t].length; i++) {
                out[t][i] = a[t][i] + b[t][i];
            }
        }
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] softmax(double[] scores, int length) {
        double largest = java.util.Arrays.stream(scores).max().orElseThrow();
        double[] out = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++) {
            out[i] = Math.exp(scores[i] - largest);
            sum += out[i];
        }
        for (int i = 0; i < length; i++) {
            out[i] /= sum;
        }
        return out;
    }
}
