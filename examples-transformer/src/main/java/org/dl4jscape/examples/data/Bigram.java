package org.dl4jscape.examples.data;

/** The model to beat: each token given the one before it, counted in the training text, each count plus one. */
public final class Bigram {
    /** Above this many tokens the table of counts is larger than any model here. */
    private static final int LARGEST_VOCABULARY = 1024;

    private Bigram() {}

    /** Mean loss on the validation tokens, in nats a token; NaN where the vocabulary is too large for a table of pairs. */
    public static double loss(Tokens training, Tokens validation, int vocabulary) {
        if (vocabulary > LARGEST_VOCABULARY) {
            return Double.NaN;
        }
        double[][] counts = new double[vocabulary][vocabulary];
        double[] totals = new double[vocabulary];
        for (double[] row : counts) {
            java.util.Arrays.fill(row, 1);
        }
        java.util.Arrays.fill(totals, vocabulary);
        for (long i = 1; i < training.length(); i++) {
            counts[training.at(i - 1)][training.at(i)]++;
            totals[training.at(i - 1)]++;
        }
        double sum = 0;
        for (long i = 1; i < validation.length(); i++) {
            sum -= Math.log(counts[validation.at(i - 1)][validation.at(i)] / totals[validation.at(i - 1)]);
        }
        return sum / (validation.length() - 1);
    }
}
