package org.dl4jscape.examples.model;

/** A norm of every row by itself; keeps what its backward pass needs. */
interface RowNorm {
    /** Number of its parameters. */
    int length();

    /** out = norm(x), row by row; parameters from {@code at} on. */
    void forward(float[] x, float[] params, int at, float[] out, int rows);

    /** Adds the gradient of x to {@code dx}; writes those of the parameters to {@code gradients[at ...]}. */
    void backward(float[] dOut, float[] params, int at, float[] gradients, float[] dx, int rows);
}
