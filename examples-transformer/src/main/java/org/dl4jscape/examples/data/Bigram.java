package org.dl4jscape.examples.data;

/** The model to beat: each character given the one before it, counted in the training text, each count plus one. */
public final class Bigram {
    private Bigram() {}

    /** Mean loss on the validation tokens, in nats a token. */
    public static double loss(int[] training, int[] validation, int vocabulary) {
        double[][] counts = new double[vocabulary][vocabulary];
        double[] totals = new double[vocabulary];
        for (double[] row : counts) {
            java.util.Arrays.fill(row, 1);
        }
        java.util.Arrays.fill(totals, vocabulary);
        for (int i = 1; i < training.length; i++) {
            counts[training[i - 1]][training[i]]++;
            totals[training[i - 1]]++;
        }
        double sum = 0;
        for (int i = 1; i < validation.length; i++) {
            sum -= Math.log(counts[validation[i - 1]][validation[i]] / totals[validation[i - 1]]);
        }
        return sum / (validation.length - 1);
    }
}
