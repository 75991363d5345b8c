package org.dl4jscape.tests.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.SelectionCall;

/**
 * State of one rank in the middle of a run whose gradient does not change, so that every step selects the wanted number of
 * coordinates at about the same cut, as a long training does.
 *
 * <p>A coordinate with gradient g collects {@code age * unit * g} until its statistic reaches the cut, is sent, and starts
 * again. Periods follow from that, ages are drawn uniformly within them, and the cut from the density.
 */
final class StationaryState {
    /** Scale of the gradient in first-moment units: 1 - beta1. */
    static final float UNIT = 0.1f;

    private static final int TABLE = 1 << 16;
    private static final int FIRST_STEP = 10_000;
    /** Mean of |g| and of |g|^(2/3), for a standard normal g. */
    private static final double MEAN = 0.798;

    private static final double MEAN_TWO_THIRDS = 0.802;

    final FloatBuffer gradient;
    final float[] residual;
    final float[] packed;
    final SelectionCall selection;
    private final boolean weighted;
    private final int[] lastSent;

    /**
     * Draws it.
     *
     * @param size number of parameters
     * @param density fraction selected per step
     * @param weighted whether the statistic is weighted by age, as the closed form wants it
     */
    StationaryState(int size, double density, boolean weighted) {
        this.weighted = weighted;
        gradient = ByteBuffer.allocateDirect(Float.BYTES * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        residual = new float[size];
        lastSent = new int[weighted ? size : 0];
        float[] moment = new float[size];
        double cut = weighted ? Math.pow(MEAN_TWO_THIRDS / density, 1.5) : MEAN / density;
        float[] normal = normalTable();
        float[] periods = periods(normal, cut);
        Random random = new Random(42);
        for (int i = 0; i < size; i++) {
            int draw = random.nextInt();
            int at = draw >>> 16;
            float share = (draw & 0xffff) / (float) TABLE;
            int age = (int) (share * periods[at]);
            gradient.put(i, normal[at]);
            residual[i] = age * UNIT * normal[at];
            moment[i] = UNIT * normal[at] * share;
            if (weighted) {
                lastSent[i] = FIRST_STEP - age;
            }
        }
        selection = new SelectionCall(0, size);
        selection.k = Math.max(1, (int) Math.round(density * size));
        selection.statistic.residual = residual;
        selection.statistic.moment = moment;
        selection.statistic.lastSent = weighted ? lastSent : null;
        selection.statistic.step = FIRST_STEP;
        packed = new float[selection.k];
    }

    private static float[] normalTable() {
        Random random = new Random(7);
        float[] normal = new float[TABLE];
        for (int i = 0; i < TABLE; i++) {
            normal[i] = (float) random.nextGaussian();
        }
        return normal;
    }

    private float[] periods(float[] normal, double cut) {
        float[] periods = new float[TABLE];
        for (int i = 0; i < TABLE; i++) {
            double steps = cut / Math.abs(normal[i]);
            periods[i] = (float) Math.min(FIRST_STEP - 1, weighted ? Math.pow(steps, 2 / 3.0) : steps);
        }
        return periods;
    }

    /** The send side of one step: gradient into the residual, the mask, and the masked values out of it. */
    void send(Kernels kernels) {
        selection.statistic.step++;
        kernels.accumulate(residual, gradient, 0, residual.length, UNIT);
        kernels.select(selection);
        int[] selected = selection.selected();
        kernels.pack(residual, selected, 0, selection.k, packed, 0);
        if (weighted) {
            for (int j = 0; j < selection.k; j++) {
                lastSent[selected[j]] = selection.statistic.step;
            }
        }
    }
}
