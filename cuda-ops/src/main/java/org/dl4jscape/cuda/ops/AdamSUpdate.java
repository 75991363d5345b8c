package org.dl4jscape.cuda.ops;

import static org.dl4jscape.cuda.ops.Signature.floats;
import static org.dl4jscape.cuda.ops.Signature.floatsInPlaceOf;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;
import org.dl4jscape.core.compute.VectorKernels;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code scape_adams_update}: AdamS on the masked coordinates of a shard, with the catch-up of those that were not sent for
 * a while. Formulas: {@link UpdateCall}.
 *
 * <pre>
 *   inputs    parameters [k], packed [k] mean of what the ranks sent, noise [k] (read by CLOSED_FORM only),
 *             moment [n], lastSent [n] INT32, indices [k] INT32, ascending, 0 &lt;= index &lt; n
 *   outputs   parameters [k]        in place of parameters
 *             moment [n]            in place of moment
 *             lastSent [n] INT32    in place of lastSent
 *   integers  rule (ordinal of {@link UpdateRule}), step &gt;= 1, cap &gt;= 1
 *   reals     learning rate, weight decay, beta1, beta2, epsilon, correction, noise factor, clip scale
 * </pre>
 *
 * Every lastSent at an index must be below the step. Source: AdamS [S]; reconstruction [I]; catch-up [O].
 */
public final class AdamSUpdate extends ScapeOp {
    private static final Signature SIGNATURE = new Signature(
            "scape_adams_update",
            List.of(
                    floats("parameters"),
                    floats("packed"),
                    floats("noise"),
                    floats("moment"),
                    Signature.of("lastSent", DataType.INT32),
                    Signature.of("indices", DataType.INT32)),
            6,
            List.of(
                    floatsInPlaceOf("parameters", 0),
                    floatsInPlaceOf("moment", 3),
                    new Signature.Operand("lastSent", DataType.INT32, 4)),
            3,
            8);

    /**
     * Hyper-parameters of one update; {@link UpdateCall} says what each does.
     *
     * @param rule formula for coordinates that were last sent more than one step ago
     * @param step current step, 1 for the first
     * @param cap largest multiple of one update under CAPPED
     * @param learningRate of this step
     * @param weightDecay decoupled
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second-moment quantity
     * @param epsilon outside the root
     * @param correction 1 - beta1^step, or 1
     * @param noiseFactor kappa / ranks of the closed form
     * @param clipScale factor of global clipping, or 1
     */
    public record Settings(
            UpdateRule rule,
            int step,
            int cap,
            double learningRate,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon,
            double correction,
            double noiseFactor,
            double clipScale) {}

    /** For loading a saved graph. */
    public AdamSUpdate() {}

    /**
     * In a graph.
     *
     * @param inputs the six inputs, in order
     */
    public AdamSUpdate(SameDiff graph, Settings settings, SDVariable... inputs) {
        super(graph, inputs);
        set(settings);
    }

    /**
     * For {@code Nd4j.exec}, in place of parameters, moment and lastSent.
     *
     * @param inputs the six inputs, in order
     */
    public AdamSUpdate(Settings settings, INDArray... inputs) {
        super(List.of(inputs), List.of(inputs[0], inputs[3], inputs[4]));
        set(settings);
    }

    private void set(Settings s) {
        arguments(
                new long[] {s.rule().ordinal(), s.step(), s.cap()},
                s.learningRate(),
                s.weightDecay(),
                s.beta1(),
                s.beta2(),
                s.epsilon(),
                s.correction(),
                s.noiseFactor(),
                s.clipScale());
    }

    @Override
    Signature signature() {
        return SIGNATURE;
    }

    @Override
    List<long[]> shapes(List<INDArray> in) {
        return List.of(in.get(0).shape(), in.get(3).shape(), in.get(4).shape());
    }

    @Override
    void compute(Operands op) {
        int k = op.in(5).length();
        int n = op.in(3).length();
        for (int packed = 0; packed <= 2; packed++) {
            op.requireInputLength(packed, k, "as indices");
        }
        op.requireInputLength(4, n, "as moment");
        op.requireOutputLength(0, k, "as indices");
        op.requireOutputLength(1, n, "as moment");
        op.requireOutputLength(2, n, "as moment");
        UpdateCall call = call(k);
        op.ascending(5, 0, n);
        requireAges(op, k, call.step);
        op.out(0).copyFrom(op.in(0));
        op.out(1).copyFrom(op.in(3));
        op.out(2).copyFrom(op.in(4));
        gather(call, op);
        new VectorKernels().update(call);
        scatter(call, op);
    }

    /** The core updates arrays: the masked values travel there, and keep their order. */
    private static void gather(UpdateCall call, Operands op) {
        int k = call.to;
        call.indices = new int[k];
        call.parameters = values(op.out(0), k);
        call.packed = values(op.in(1), k);
        call.noise = values(op.in(2), k);
        call.moment = new float[k];
        call.lastSent = new int[k];
        IntBuffer indices = op.in(5).ints();
        FloatBuffer moment = op.out(1).floats();
        IntBuffer lastSent = op.out(2).ints();
        for (int j = 0; j < k; j++) {
            call.indices[j] = j;
            call.moment[j] = moment.get(indices.get(j));
            call.lastSent[j] = lastSent.get(indices.get(j));
        }
    }

    private static float[] values(FlatView view, int k) {
        float[] values = new float[k];
        view.floats().get(0, values);
        return values;
    }

    private static void scatter(UpdateCall call, Operands op) {
        op.out(0).floats().put(0, call.parameters);
        IntBuffer indices = op.in(5).ints();
        FloatBuffer moment = op.out(1).floats();
        IntBuffer lastSent = op.out(2).ints();
        for (int j = 0; j < call.to; j++) {
            moment.put(indices.get(j), call.moment[j]);
            lastSent.put(indices.get(j), call.lastSent[j]);
        }
    }

    private UpdateCall call(int k) {
        UpdateRule[] rules = UpdateRule.values();
        if (integer(0) < 0 || integer(0) >= rules.length || integer(1) < 1 || integer(2) < 1) {
            throw SIGNATURE.refuse("rule=" + integer(0) + ", step=" + integer(1) + ", cap=" + integer(2)
                    + " (expected: rule 0 to " + (rules.length - 1) + ", step and cap at least 1)");
        }
        UpdateCall call = new UpdateCall();
        call.to = k;
        call.rule = rules[integer(0)];
        call.step = integer(1);
        call.cap = integer(2);
        call.learningRate = realAsFloat(0);
        call.decay = (float) (1 - real(0) * real(1));
        call.setBeta1(real(2));
        call.beta2 = realAsFloat(3);
        call.oneMinusBeta2 = (float) (1 - real(3));
        call.epsilon = realAsFloat(4);
        call.correction = realAsFloat(5);
        call.noiseFactor = realAsFloat(6);
        call.clipScale = realAsFloat(7);
        return call;
    }

    private static void requireAges(Operands op, int k, int step) {
        IntBuffer indices = op.in(5).ints();
        IntBuffer lastSent = op.in(4).ints();
        for (int j = 0; j < k; j++) {
            int sent = lastSent.get(indices.get(j));
            if (sent < 0 || sent >= step) {
                throw SIGNATURE.refuse(
                        "lastSent[" + indices.get(j) + "]=" + sent + " (expected: 0 to the step " + step + " less 1)");
            }
        }
    }
}
