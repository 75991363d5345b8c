package org.dl4jscape.core.config;

/**
 * Hyper-parameters of AdamS, where a parameter block sets none of its own.
 *
 * <p>Source: AdamS, arXiv 2505.16363, the authors' code [S]; bias correction is in their code, not in their paper.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second-moment quantity, in [0, 1)
 * @param epsilon added outside the root, &gt; 0
 * @param weightDecay decoupled weight decay per step and unit of learning rate, &gt;= 0
 * @param biasCorrection whether the first moment is divided by 1 - beta1^step
 */
public record AdamSConfig(double beta1, double beta2, double epsilon, double weightDecay, boolean biasCorrection) {
    /** Checks every range. */
    public AdamSConfig {
        Ranges.checkDecay("beta1", beta1);
        Ranges.checkDecay("beta2", beta2);
        Ranges.checkPositive("epsilon", epsilon);
        Ranges.checkNonNegative("weightDecay", weightDecay);
    }

    /** The authors' values: betas 0.9 and 0.95, epsilon 1e-8, weight decay 0.1, bias correction on. */
    public static AdamSConfig defaults() {
        return new AdamSConfig(0.9, 0.95, 1e-8, 0.1, true);
    }

    /** The same with another weight decay. */
    public AdamSConfig withWeightDecay(double value) {
        return new AdamSConfig(beta1, beta2, epsilon, value, biasCorrection);
    }
}
