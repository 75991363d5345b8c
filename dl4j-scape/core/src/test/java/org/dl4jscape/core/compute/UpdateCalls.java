package org.dl4jscape.core.compute;

import java.util.Random;
import org.dl4jscape.core.compute.KernelInputs.Spread;
import org.dl4jscape.core.config.AdamSConfig;

/** Calls of {@link Kernels#update} with every operand away from zero offsets. */
final class UpdateCalls {
    private static final int GUARD = KernelInputs.GUARD;
    private static final int SHIFT = 19;

    private UpdateCalls() {}

    /** Masked coordinates of a block of {@code length}, of many ages. */
    static UpdateCall random(UpdateRule rule, int length, Spread spread, long seed) {
        UpdateCall call = withOptimizer(rule, AdamSConfig.defaults(), 2_000_000);
        call.indices = KernelInputs.mask(seed, length, 3);
        for (int j = 0; j < call.indices.length; j++) {
            call.indices[j] += SHIFT;
        }
        call.from = call.indices.length / 6;
        call.to = call.indices.length - call.indices.length / 9;
        call.at = GUARD;
        call.shift = SHIFT;
        int packed = call.indices.length + 2 * GUARD;
        call.packed = spread.array(seed + 1, packed);
        call.parameters = Spread.NORMAL.array(seed + 2, packed);
        call.noise = squares(seed + 3, packed);
        call.moment = spread.array(seed + 4, length);
        Random random = new Random(seed + 5);
        call.lastSent = new int[length];
        for (int i = 0; i < length; i++) {
            int age =
                    switch (i % 4) {
                        case 0 -> 1;
                        case 1 -> 2 + random.nextInt(40);
                        case 2 -> 2 + random.nextInt(2000);
                        default -> 1 + random.nextInt(1_000_000);
                    };
            call.lastSent[i] = call.step - age;
        }
        return call;
    }

    /** All of a small block, of one age. */
    static UpdateCall ofAge(UpdateRule rule, int length, int age) {
        UpdateCall call = withOptimizer(rule, AdamSConfig.defaults(), 200_000);
        call.indices = new int[length];
        call.lastSent = new int[length];
        for (int i = 0; i < length; i++) {
            call.indices[i] = i;
            call.lastSent[i] = call.step - age;
        }
        call.to = length;
        call.packed = Spread.NORMAL.array(1, length);
        call.parameters = Spread.NORMAL.array(2, length);
        call.noise = squares(3, length);
        call.moment = Spread.NORMAL.array(4, length);
        return call;
    }

    /** A call with hyper-parameters and no operands. */
    static UpdateCall withOptimizer(UpdateRule rule, AdamSConfig optimizer, int step) {
        UpdateCall call = new UpdateCall();
        double beta1 = optimizer.beta1();
        double beta2 = optimizer.beta2();
        call.rule = rule;
        call.step = step;
        call.learningRate = 3e-3f;
        call.decay = (float) (1 - 3e-3 * optimizer.weightDecay());
        call.setBeta1(beta1);
        call.beta2 = (float) beta2;
        call.oneMinusBeta2 = (float) (1 - beta2);
        call.epsilon = (float) optimizer.epsilon();
        call.correction = 0.75f;
        call.cap = 4;
        call.noiseFactor = (float) ((1 - beta2 + beta2 * (1 - beta1) / (1 + beta1)) / 4);
        call.clipScale = 0.625f;
        return call;
    }

    private static float[] squares(long seed, int length) {
        float[] values = Spread.NORMAL.array(seed, length);
        for (int i = 0; i < length; i++) {
            values[i] *= values[i];
        }
        return values;
    }
}
