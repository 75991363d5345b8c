package org.dl4jscape.cuda;

import java.util.Arrays;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.DeviceArray;
import org.dl4jscape.cuda.driver.KernelArguments;

/** AdamS on the device: the operands of one {@link UpdateCall} there and back. How it computes stands in {@code update.cu}. */
final class CudaUpdate {
    private final CudaDevice device;
    private final DeviceArray indices;
    private final DeviceArray packed;
    private final DeviceArray parameters;
    private final DeviceArray noise;
    private final DeviceArray moment;
    private final DeviceArray lastSent;
    private final DeviceArray powers;
    private float[] table = new float[0];
    private float[] gradients = new float[0];

    CudaUpdate(CudaDevice device) {
        this.device = device;
        indices = new DeviceArray(device);
        packed = new DeviceArray(device);
        parameters = new DeviceArray(device);
        noise = new DeviceArray(device);
        moment = new DeviceArray(device);
        lastSent = new DeviceArray(device);
        powers = new DeviceArray(device);
    }

    /** A call with at least one coordinate. */
    void update(UpdateCall call) {
        device.enter();
        int k = call.to - call.from;
        boolean optimizes = call.rule != UpdateRule.SUBTRACT;
        int base = call.indices[call.from];
        int span = optimizes ? call.indices[call.to - 1] + 1 - base : 0;
        int local = base - call.shift;
        boolean readsNoise = call.rule == UpdateRule.CLOSED_FORM;
        KernelArguments arguments = new KernelArguments()
                .array(indices.upload(call.indices, call.from, k))
                .integer(base)
                .integer(k)
                .array(packed.upload(call.packed, call.at, k))
                .array(parameters.upload(call.parameters, call.at, k))
                .array(readsNoise ? noise.upload(call.noise, call.at, k) : noise.reserve(1))
                .array(moment.upload(call.moment, local, span))
                .array(lastSent.upload(call.lastSent, local, span));
        int length = optimizes ? fillPowers(call) : 1;
        arguments.array(powers.upload(table, 0, Math.min(length, table.length)));
        settings(arguments, call, length);
        device.launchOver("scape_update", k, arguments);
        parameters.download(call.parameters, call.at, k);
        moment.download(call.moment, local, span);
        lastSent.download(call.lastSent, local, span);
    }

    private static void settings(KernelArguments arguments, UpdateCall c, int powers) {
        arguments.structure(
                new int[] {c.rule.ordinal(), c.step, c.cap, powers},
                c.learningRate,
                c.decay,
                c.beta1,
                c.oneMinusBeta1,
                c.beta2,
                c.oneMinusBeta2,
                c.epsilon,
                c.correction,
                c.noiseFactor,
                c.clipScale);
    }

    /** Powers of beta1 up to the largest age of the call, or to the first that is 0: all beyond are. Returns the length. */
    private int fillPowers(UpdateCall call) {
        int oldest = 1;
        for (int j = call.from; j < call.to; j++) {
            int l = call.indices[j] - call.shift;
            oldest = Math.max(oldest, call.step - call.lastSent[l]);
        }
        int length = 0;
        while (length <= oldest && (length == 0 || table[length - 1] != 0)) {
            if (length == table.length) {
                table = Arrays.copyOf(table, Math.max(1024, 2 * length));
            }
            table[length] = call.betaPower(length);
            length++;
        }
        return length;
    }

    /** The sum that {@link UpdateCall} describes: divided on the device, added here, in index order. */
    double squaredNorm(UpdateCall call) {
        device.enter();
        int k = call.to - call.from;
        int base = call.indices[call.from];
        int span = call.indices[call.to - 1] + 1 - base;
        KernelArguments arguments = new KernelArguments()
                .array(indices.upload(call.indices, call.from, k))
                .integer(base)
                .integer(k)
                .array(packed.upload(call.packed, call.at, k))
                .array(lastSent.upload(call.lastSent, base - call.shift, span))
                .integer(call.step)
                .integer(call.rule.ordinal())
                .real(call.oneMinusBeta1)
                .array(parameters.reserve(k));
        device.launchOver("scape_reconstruct", k, arguments);
        if (gradients.length < k) {
            gradients = new float[k];
        }
        parameters.download(gradients, 0, k);
        double sum = 0;
        for (int j = 0; j < k; j++) {
            sum += (double) gradients[j] * gradients[j];
        }
        return sum;
    }
}
