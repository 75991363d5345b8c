package org.dl4jscape.examples.model;

import org.jspecify.annotations.Nullable;

/** Projection to queries, keys and values, causal attention, and the projection back; tensors {@code qkv} and {@code mix}. */
final class AttentionPart implements BlockPart {
    private final int w;
    private final int projected;
    private final int turned;
    private final MatrixProduct product;
    private final CausalAttention attention;
    private final @Nullable Rotation rotation;
    private float[] qkv = new float[0];
    private float[] attended = new float[0];
    private float[] dQkv = new float[0];
    private float[] dAttended = new float[0];

    /**
     * With its shape.
     *
     * @param shape of the heads
     * @param rotary whether positions enter by rotation, else as a penalty on distance
     * @param product shared with the other parts of the layer
     */
    AttentionPart(Heads shape, boolean rotary, MatrixProduct product) {
        this.product = product;
        w = shape.width();
        projected = shape.projected();
        turned = shape.heads() + shape.groups();
        attention = new CausalAttention(shape, !rotary);
        rotation = rotary ? new Rotation(shape.headWidth()) : null;
    }

    @Override
    public int length() {
        return w * projected + w * w;
    }

    private int mixAt(int at) {
        return at + w * projected;
    }

    @Override
    public void forward(float[] x, float[] params, int at, float[] out, Rows rows) {
        int n = rows.count();
        qkv = Rows.sized(qkv, n * projected);
        attended = Rows.sized(attended, n * w);
        product.multiply(x, params, at, qkv, n, projected, w);
        if (rotation != null) {
            rotation.turn(qkv, projected, turned, false, rows);
        }
        attention.forward(qkv, attended, rows.batch(), rows.time());
        product.multiply(attended, params, mixAt(at), out, n, w, w);
    }

    @Override
    public void backward(float[] x, float[] dOut, float[] params, int at, float[] gradients, float[] dx, Rows rows) {
        int n = rows.count();
        dQkv = Rows.sized(dQkv, n * projected);
        dAttended = Rows.sized(dAttended, n * w);
        product.transposeMultiply(attended, dOut, gradients, mixAt(at), n, w, w);
        product.multiplyByTranspose(dOut, params, mixAt(at), dAttended, n, w, w);
        attention.backward(qkv, dAttended, dQkv, rows.batch(), rows.time());
        if (rotation != null) {
            rotation.turn(dQkv, projected, turned, true, rows);
        }
        product.transposeMultiply(x, dQkv, gradients, at, n, projected, w);
        product.multiplyByTranspose(dQkv, params, at, dx, n, projected, w);
    }
}
