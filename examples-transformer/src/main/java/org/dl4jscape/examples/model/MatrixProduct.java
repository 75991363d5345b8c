package org.dl4jscape.examples.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Row-major fp32 matrix products by OpenBLAS, over heap arrays: operands are copied to native memory that is kept.
 *
 * <p>One thread. The copies cost about a tenth of the product at the sizes of the example.
 */
final class MatrixProduct {
    private FloatPointer left = new FloatPointer(1);
    private FloatPointer right = new FloatPointer(1);
    private FloatPointer result = new FloatPointer(1);

    /** c[m, n] = a[m, k] * b[k, n]. */
    void multiply(float[] a, float[] b, int bOffset, float[] c, int m, int n, int k) {
        load(a, 0, (long) m * k, b, bOffset, (long) k * n, (long) m * n);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1f, left, k, right, n, 0f, result, n);
        result.position(0).get(c, 0, m * n);
    }

    /** c[m, k] = a[m, n] * transpose(b[k, n]). */
    void multiplyByTranspose(float[] a, float[] b, int bOffset, float[] c, int m, int n, int k) {
        load(a, 0, (long) m * n, b, bOffset, (long) k * n, (long) m * k);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, k, n, 1f, left, n, right, n, 0f, result, k);
        result.position(0).get(c, 0, m * k);
    }

    /** c[cOffset ...][k, n] = transpose(a[m, k]) * b[m, n]. */
    void transposeMultiply(float[] a, float[] b, float[] c, int cOffset, int m, int n, int k) {
        load(a, 0, (long) m * k, b, 0, (long) m * n, (long) k * n);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, k, n, m, 1f, left, k, right, n, 0f, result, n);
        result.position(0).get(c, cOffset, k * n);
    }

    private void load(float[] a, int aOffset, long aLength, float[] b, int bOffset, long bLength, long cLength) {
        left = sized(left, aLength);
        right = sized(right, bLength);
        result = sized(result, cLength);
        left.put(a, aOffset, (int) aLength);
        right.put(b, bOffset, (int) bLength);
    }

    private static FloatPointer sized(FloatPointer pointer, long length) {
        if (pointer.capacity() >= length) {
            return pointer;
        }
        pointer.deallocate();
        return new FloatPointer(length);
    }
}
