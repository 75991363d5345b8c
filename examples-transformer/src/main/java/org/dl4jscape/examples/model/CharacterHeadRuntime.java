package org.dl4jscape.examples.model;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The passes of {@link CharacterHead}. */
final class CharacterHeadRuntime extends HandWrittenRuntime<CharacterHead> implements IOutputLayer {
    private static final long serialVersionUID = 1L;

    private final int w;
    private final int v;
    private final transient MatrixProduct product = new MatrixProduct();
    private final int projectAt;
    private final transient RowNorm norm;
    private transient @Nullable INDArray labels;
    private float[] x = new float[0];
    private float[] normed = new float[0];
    private float[] logits = new float[0];
    private float[] targets = new float[0];
    private int rows;
    private double meanLoss = Double.NaN;

    CharacterHeadRuntime(NeuralNetConfiguration conf, DataType dataType, CharacterHead shape) {
        super(conf, dataType);
        w = shape.width();
        v = shape.vocabulary();
        norm = shape.norm();
        projectAt = norm.length();
    }

    private void project() {
        int needed = (int) input.size(0);
        if (needed != rows) {
            rows = needed;
            x = new float[rows * w];
            normed = new float[rows * w];
            logits = new float[rows * v];
            targets = new float[rows];
        }
        float[] p = loadWeights();
        read(input, x, rows * w);
        norm.forward(x, p, 0, normed, rows);
        product.multiply(normed, p, projectAt, logits, rows, v, w);
        for (int r = 0; r < rows; r++) {
            softmax(r * v);
        }
    }

    private void softmax(int at) {
        float largest = logits[at];
        for (int i = 1; i < v; i++) {
            largest = Math.max(largest, logits[at + i]);
        }
        float sum = 0;
        for (int i = 0; i < v; i++) {
            float e = (float) Math.exp(logits[at + i] - largest);
            logits[at + i] = e;
            sum += e;
        }
        float inverse = 1 / sum;
        for (int i = 0; i < v; i++) {
            logits[at + i] *= inverse;
        }
    }

    private double loss() {
        INDArray wanted = labels;
        if (wanted == null || wanted.length() != rows) {
            throw new IllegalStateException("labels of " + (wanted == null ? 0 : wanted.length())
                    + " tokens (expected: " + rows + ", one next-token id for each input token)");
        }
        read(wanted, targets, rows);
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum -= Math.log(Math.max(logits[r * v + (int) targets[r]], Float.MIN_NORMAL));
        }
        return sum / rows;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        project();
        INDArray out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {rows, v}, 'c');
        write(logits, out, rows * v);
        return out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(@Nullable INDArray epsilon, LayerWorkspaceMgr workspaces) {
        project();
        meanLoss = loss();
        INDArray wanted = labels;
        int windows = wanted == null ? 1 : (int) wanted.size(0);
        float scale = (float) windows / rows;
        for (int r = 0; r < rows; r++) {
            logits[r * v + (int) targets[r]] -= 1;
        }
        for (int i = 0; i < rows * v; i++) {
            logits[i] *= scale;
        }
        float[] p = loadWeights();
        float[] g = weightGradients();
        product.transposeMultiply(normed, logits, g, projectAt, rows, v, w);
        float[] dNormed = normed;
        product.multiplyByTranspose(logits, p, projectAt, dNormed, rows, v, w);
        java.util.Arrays.fill(x, 0f);
        norm.backward(dNormed, p, 0, g, x, rows);
        INDArray dx =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {rows, w}, 'c');
        write(x, dx, rows * w);
        return new Pair<>(storeGradients(), dx);
    }

    /** The loss of the last backward pass if there was one on this input, else of a forward pass now. */
    @Override
    public double computeScore(double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaces) {
        double known = meanLoss;
        meanLoss = Double.NaN;
        if (Double.isNaN(known)) {
            project();
            known = loss();
        }
        score = known + fullNetRegTerm;
        return score;
    }

    @Override
    public boolean needsLabels() {
        return true;
    }

    @Override
    public void setLabels(INDArray value) {
        labels = value;
        meanLoss = Double.NaN;
    }

    @Override
    public @Nullable INDArray getLabels() {
        return labels;
    }

    @Override
    public void clear() {
        super.clear();
        labels = null;
    }

    private static UnsupportedOperationException noClassifier() {
        return new UnsupportedOperationException(
                "a language model head is no classifier of examples; use score(DataSet) for its loss in nats a token");
    }

    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaces) {
        throw noClassifier();
    }

    @Override
    public double f1Score(DataSet data) {
        throw noClassifier();
    }

    @Override
    public double f1Score(INDArray examples, INDArray wanted) {
        throw noClassifier();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface demands it
    public int numLabels() {
        return v;
    }

    @Override
    public void fit(DataSetIterator iterator) {
        throw noClassifier();
    }

    @Override
    public int[] predict(INDArray examples) {
        throw noClassifier();
    }

    @Override
    public List<String> predict(DataSet dataSet) {
        throw noClassifier();
    }

    @Override
    public void fit(INDArray examples, INDArray wanted) {
        throw noClassifier();
    }

    @Override
    public void fit(DataSet data) {
        throw noClassifier();
    }

    @Override
    public void fit(INDArray examples, int[] wanted) {
        throw noClassifier();
    }
}
