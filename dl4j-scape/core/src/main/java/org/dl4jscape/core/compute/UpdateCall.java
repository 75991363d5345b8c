package org.dl4jscape.core.compute;

import org.dl4jscape.core.config.Powers;

/**
 * Operands of {@link Kernels#update}: a parameter struct, filled anew for each block and used again, so that a step
 * allocates nothing.
 *
 * <p>For j in [from, to) let i = indices[j], l = i - shift, p = at + j - from, s = packed[p] * clipScale, theta =
 * parameters[p], m = moment[l], age = step - lastSent[l]. All arithmetic is fp32, left to right as written, without fused
 * multiply-add:
 *
 * <pre>
 * dense line (age = 1, or rule NONE):                      AdamS [S]; reconstruction of the gradient [I]
 *     mn = beta1*m + s
 *     gh = s / oneMinusBeta1
 *     mc = m / correction
 *     v  = beta2*(mc*mc) + oneMinusBeta2*(gh*gh)
 *     theta = decay*theta - learningRate*(mn/correction) / (sqrt(v) + epsilon)
 * CAPPED, age &gt; 1:                                         [O]
 *     a  = betaPower(age);  w = min(age, cap)
 *     mn = a*m + (1 - a)*((s / oneMinusBeta1) / age)
 *     gh = (mn - beta1*m) / oneMinusBeta1
 *     mc, v as above
 *     theta = decay*theta - (learningRate*w)*(mn/correction) / (sqrt(v) + epsilon)
 * CLOSED_FORM, age &gt; 1:                                    [O]
 *     a  = betaPower(age)
 *     gb = (s / oneMinusBeta1) / age
 *     mn = a*m + (1 - a)*gb
 *     M  = age*gb + ((beta1*(1 - a)) / oneMinusBeta1)*(m - gb)
 *     q  = M / age
 *     theta = decay*theta - learningRate*M / (sqrt(beta2*(q*q) + noiseFactor*noise[p]) + epsilon)
 * SUBTRACT:
 *     theta = theta - packed[p]                            moment untouched, never clipped
 * </pre>
 *
 * Then {@code moment[l] = mn}, {@code lastSent[l] = step}, {@code parameters[p] = theta}. A negative radicand cannot occur.
 *
 * <p>{@link Kernels#squaredNorm} adds g*g in double with g = packed[p]/oneMinusBeta1 in fp32, divided by age where the rule
 * is CAPPED or CLOSED_FORM and age &gt; 1; {@code clipScale} is not applied there and a SUBTRACT block contributes 0.
 */
public final class UpdateCall {
    private static final int TABLE_LENGTH = 1024;

    /** Masked global indices, ascending. */
    public int[] indices = new int[0];
    /** First position in {@link #indices}. */
    public int from;
    /** One past the last position in {@link #indices}. */
    public int to;
    /** Position of the first operand in {@link #packed}, {@link #parameters} and {@link #noise}. */
    public int at;
    /** Global index minus local index. */
    public int shift;

    /** Mean of what the ranks sent, (1 - beta1) times a gradient summed over age steps. */
    public float[] packed = new float[0];
    /** Parameters of the masked coordinates, updated in place. */
    public float[] parameters = new float[0];
    /** Mean square of one step's gradient, as known when the mask was made; read by CLOSED_FORM only. */
    public float[] noise = new float[0];
    /** First moment, local index. */
    public float[] moment = new float[0];
    /** Step in which a coordinate was last sent, local index. */
    public int[] lastSent = new int[0];

    /** The formula for age &gt; 1. */
    public UpdateRule rule = UpdateRule.NONE;
    /** The current step, 1 for the first. */
    public int step;
    /** Learning rate of this block and step. */
    public float learningRate;
    /** 1 - learning rate * weight decay. */
    public float decay = 1f;
    /** Decay of the first moment. */
    public float beta1;
    /** 1 - beta1, rounded from double. */
    public float oneMinusBeta1;
    /** Decay of the second-moment quantity. */
    public float beta2;
    /** 1 - beta2, rounded from double. */
    public float oneMinusBeta2;
    /** Added outside the root. */
    public float epsilon;
    /** 1 - beta1^step, or 1 without bias correction. */
    public float correction = 1f;
    /** Largest multiple of one update under CAPPED. */
    public int cap = 1;
    /** kappa / N of the closed form, kappa = (1-beta2) + beta2*(1-beta1)/(1+beta1). */
    public float noiseFactor;
    /** Factor of global clipping, 1 where it is off. */
    public float clipScale = 1f;

    private double exactBeta1 = Double.NaN;
    private final float[] betaPowers = new float[TABLE_LENGTH];

    /** Sets beta1, 1 - beta1 and the table of its powers; cheap where the value has not changed. */
    public void setBeta1(double value) {
        if (value == exactBeta1) {
            return;
        }
        exactBeta1 = value;
        beta1 = (float) value;
        oneMinusBeta1 = (float) (1 - value);
        double power = 1;
        for (int age = 0; age < TABLE_LENGTH; age++) {
            betaPowers[age] = (float) power;
            power *= value;
        }
    }

    /** beta1^age, rounded from double; age at least 0. */
    public float betaPower(int age) {
        return age < TABLE_LENGTH ? betaPowers[age] : (float) Powers.of(exactBeta1, age);
    }
}
