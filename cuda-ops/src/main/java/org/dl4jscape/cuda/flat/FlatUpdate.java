package org.dl4jscape.cuda.flat;

import java.nio.FloatBuffer;
import org.dl4jscape.core.compute.UpdateCall;
import org.dl4jscape.core.compute.UpdateRule;

/**
 * AdamS with every catch-up rule, on views: the arithmetic of {@link UpdateCall}, whose hyper-parameters and positions it
 * reads; the arrays come from {@link UpdateViews}. Stateless, allocates nothing.
 */
public final class FlatUpdate {
    private FlatUpdate() {}

    /** Updates parameters, moments and ages of the masked coordinates. */
    public static void update(UpdateCall c, UpdateViews v) {
        if (c.rule == UpdateRule.SUBTRACT) {
            subtract(c, v);
            return;
        }
        for (int j = c.from; j < c.to; j++) {
            int p = c.at + j - c.from;
            int local = v.indices().get(j) - c.shift;
            int age = c.step - v.lastSent().get(local);
            float s = v.packed().get(p) * c.clipScale;
            if (age == 1 || c.rule == UpdateRule.NONE) {
                dense(c, v, p, local, s);
            } else if (c.rule == UpdateRule.CAPPED) {
                capped(c, v, p, local, s, age);
            } else {
                closedForm(c, v, p, local, s, age);
            }
            v.lastSent().put(local, c.step);
        }
    }

    private static void subtract(UpdateCall c, UpdateViews v) {
        for (int p = c.at; p < c.at + c.to - c.from; p++) {
            v.parameters().put(p, v.parameters().get(p) - v.packed().get(p));
        }
    }

    private static void dense(UpdateCall c, UpdateViews v, int p, int local, float s) {
        float m = v.moment().get(local);
        float mn = c.beta1 * m + s;
        apply(c, v.parameters(), p, m, mn, s / c.oneMinusBeta1, c.learningRate);
        v.moment().put(local, mn);
    }

    private static void capped(UpdateCall c, UpdateViews v, int p, int local, float s, int age) {
        float m = v.moment().get(local);
        float a = c.betaPower(age);
        float mn = a * m + (1 - a) * (s / c.oneMinusBeta1 / age);
        float rate = c.learningRate * Math.min(age, c.cap);
        apply(c, v.parameters(), p, m, mn, (mn - c.beta1 * m) / c.oneMinusBeta1, rate);
        v.moment().put(local, mn);
    }

    private static void apply(UpdateCall c, FloatBuffer theta, int p, float m, float mn, float gh, float rate) {
        float mc = m / c.correction;
        float square = c.beta2 * (mc * mc) + c.oneMinusBeta2 * (gh * gh);
        float move = rate * (mn / c.correction) / ((float) Math.sqrt(square) + c.epsilon);
        theta.put(p, c.decay * theta.get(p) - move);
    }

    private static void closedForm(UpdateCall c, UpdateViews v, int p, int local, float s, int age) {
        float m = v.moment().get(local);
        float a = c.betaPower(age);
        float gb = s / c.oneMinusBeta1 / age;
        float sum = age * gb + c.beta1 * (1 - a) / c.oneMinusBeta1 * (m - gb);
        float q = sum / age;
        float square = c.beta2 * (q * q) + c.noiseFactor * v.noise().get(p);
        float move = c.learningRate * sum / ((float) Math.sqrt(square) + c.epsilon);
        v.parameters().put(p, c.decay * v.parameters().get(p) - move);
        v.moment().put(local, a * m + (1 - a) * gb);
    }

    /** The contribution of the masked coordinates to the global norm; see {@link UpdateCall}. */
    public static double squaredNorm(UpdateCall c, UpdateViews v) {
        double sum = 0;
        for (int j = c.from; j < c.to && c.rule != UpdateRule.SUBTRACT; j++) {
            float g = v.packed().get(c.at + j - c.from) / c.oneMinusBeta1;
            int age = c.step - v.lastSent().get(v.indices().get(j) - c.shift);
            if (c.rule != UpdateRule.NONE && age > 1) {
                g /= age;
            }
            sum += (double) g * g;
        }
        return sum;
    }
}
