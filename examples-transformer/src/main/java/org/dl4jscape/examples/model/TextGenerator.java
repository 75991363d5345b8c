package org.dl4jscape.examples.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jscape.examples.data.TextDecoder;
import org.dl4jscape.examples.data.Tokenizer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Draws token after token from a decoder's distribution. The network sees the last {@code context} tokens, so a prompt may be
 * longer than that. One thread.
 */
public final class TextGenerator {
    private final ComputationGraph network;
    private final Tokenizer tokenizer;
    private final int context;

    /**
     * How tokens are drawn.
     *
     * @param temperature probabilities are taken to the power of 1 / temperature; 0: the likeliest token
     * @param topK draw from that many of the likeliest tokens; 0: from all
     * @param seed of the draws: the same seed, the same text
     */
    public record Choice(double temperature, int topK, long seed) {}

    /** For a network whose output is a distribution over the tokenizer's ids, row by row. */
    public TextGenerator(ComputationGraph network, Tokenizer tokenizer, int context) {
        this.network = network;
        this.tokenizer = tokenizer;
        this.context = context;
    }

    /**
     * Goes on with a prompt.
     *
     * @param prompt at least one token
     * @param count tokens to add
     * @param choice how
     * @param sink takes each piece of text as soon as it is complete
     */
    public void generate(String prompt, int count, Choice choice, Consumer<String> sink) {
        TextDecoder decoder = tokenizer.decoder();
        continueTokens(tokenizer.encode(prompt), count, choice, token -> {
            String text = decoder.next(token);
            if (!text.isEmpty()) {
                sink.accept(text);
            }
        });
    }

    private void continueTokens(int[] prompt, int count, Choice choice, IntConsumer sink) {
        int[] window = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - context), prompt.length);
        SplittableRandom random = new SplittableRandom(choice.seed());
        for (int made = 0; made < count; made++) {
            int token = draw(probabilities(window), choice, random);
            sink.accept(token);
            int kept = Math.min(window.length, context - 1);
            int[] next = Arrays.copyOfRange(window, window.length - kept, window.length + 1);
            next[kept] = token;
            window = next;
        }
    }

    /** Of the token after the window's last. */
    private float[] probabilities(int[] window) {
        float[] ids = new float[window.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = window[i];
        }
        INDArray rows = network.outputSingle(Nd4j.createFromArray(ids).reshape('c', 1, ids.length));
        return rows.getRow(window.length - 1L).toFloatVector();
    }

    private static int draw(float[] probabilities, Choice choice, SplittableRandom random) {
        if (choice.temperature() == 0) {
            return likeliest(probabilities);
        }
        double floor = smallestOfTop(probabilities, choice.topK());
        double[] weights = new double[probabilities.length];
        double sum = 0;
        double largest = probabilities[likeliest(probabilities)];
        for (int i = 0; i < weights.length; i++) {
            if (probabilities[i] >= floor) {
                weights[i] = StrictMath.pow(probabilities[i] / largest, 1 / choice.temperature());
                sum += weights[i];
            }
        }
        double left = random.nextDouble() * sum;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private static int likeliest(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }

    private static double smallestOfTop(float[] probabilities, int topK) {
        if (topK == 0 || topK >= probabilities.length) {
            return 0;
        }
        float[] sorted = probabilities.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - topK];
    }
}
