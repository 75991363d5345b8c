package org.dl4jscape.examples.model;

/**
 * A part of a block, from rows of one width to rows of the same width; its tensors lie one after the other in the layer's flat
 * parameters, from {@code at} on. Keeps what the backward pass needs, so one instance serves one place of one replica.
 */
interface BlockPart {
    /** Number of its parameters. */
    int length();

    /** out[rows, width] = part(x[rows, width]). */
    void forward(float[] x, float[] params, int at, float[] out, Rows rows);

    /** Overwrites {@code dx} with the gradient of x and {@code gradients[at ...]} with those of the tensors. */
    void backward(float[] x, float[] dOut, float[] params, int at, float[] gradients, float[] dx, Rows rows);
}
