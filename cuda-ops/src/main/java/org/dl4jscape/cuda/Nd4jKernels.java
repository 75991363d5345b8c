package org.dl4jscape.cuda;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.SelectionCall;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.compute.ViewSelection;
import org.dl4jscape.cuda.flat.FlatLoops;

/**
 * The CPU bodies of the {@code scape_} ops as the kernels of a training: same loops, same bits, no copy of an operand.
 *
 * <p>The core keeps its state in heap arrays, where no ND4J array can lie. So the loops are called on views, buffers over
 * heap arrays for the state and over ND4J's own memory for gradient and parameters, and not through {@code Nd4j.exec}. The
 * statistic and the update are the core's own, in the ops too. Bits as {@code ReferenceKernels}; belongs to one thread.
 */
public final class Nd4jKernels implements Kernels {
    private final FlatLoops loops = new FlatLoops();
    private final ViewSelection selection = new ViewSelection();
    private final VectorKernels core = new VectorKernels();

    /** Ready to use; needs no ND4J backend. */
    public Nd4jKernels() {}

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public int accumulate(float[] residual, FloatBuffer gradient, int from, int to, float scale) {
        return loops.accumulate(FloatBuffer.wrap(residual), gradient, from, to, scale);
    }

    @Override
    public int countNonFinite(FloatBuffer gradient, int from, int to) {
        return loops.countNonFinite(gradient, from, to);
    }

    @Override
    public void trackNoise(float[] noise, int shift, FloatBuffer gradient, int from, int to, float decay) {
        loops.trackNoise(FloatBuffer.wrap(noise), shift, gradient, from, to, decay);
    }

    @Override
    public void statistic(StatisticCall call, float[] statistic, int at) {
        core.statistic(call, statistic, at);
    }

    @Override
    public void selectLargest(float[] values, int n, int k, int[] selected, int at) {
        selection.selectLargest(FloatBuffer.wrap(values), n, k, IntBuffer.wrap(selected), at);
    }

    @Override
    public void select(SelectionCall call) {
        core.select(call);
    }

    @Override
    public void pack(float[] residual, int[] indices, int from, int to, float[] packed, int at) {
        loops.pack(FloatBuffer.wrap(residual), IntBuffer.wrap(indices), from, to, FloatBuffer.wrap(packed), at);
    }

    @Override
    public void gather(FloatBuffer source, int[] indices, int from, int to, float[] packed, int at) {
        loops.gather(source, IntBuffer.wrap(indices), from, to, FloatBuffer.wrap(packed), at);
    }

    @Override
    public void scatter(float[] packed, int at, int[] indices, int from, int to, FloatBuffer target) {
        loops.scatter(FloatBuffer.wrap(packed), at, IntBuffer.wrap(indices), from, to, target);
    }

    @Override
    public void scale(float[] values, int from, int to, float factor) {
        loops.scale(FloatBuffer.wrap(values), from, to, factor);
    }

    @Override
    public void update(UpdateCall call) {
        core.update(call);
    }

    @Override
    public double squaredNorm(UpdateCall call) {
        return core.squaredNorm(call);
    }
}
