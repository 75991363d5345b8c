package org.dl4jscape.examples.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Windows of a token sequence as batches: features are token ids [batch, context], labels the ids one position later.
 *
 * <p>Which windows form batch i depends on the seed and i alone, so every engine and every transport trains on the same.
 */
public final class TokenWindows implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Tokens tokens;
    private final int context;

    /**
     * Windows of some tokens.
     *
     * @param tokens at least context + 1 of them
     * @param context tokens of a window
     */
    public TokenWindows(Tokens tokens, int context) {
        if (tokens.length() <= context) {
            throw new IllegalArgumentException("text of " + tokens.length() + " tokens (expected: > " + context
                    + ", the context of the model); give a longer text");
        }
        this.tokens = tokens;
        this.context = context;
    }

    /** Batch i of a training, of random windows. */
    public DataSet batch(long seed, int index, int size) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
        long choices = tokens.length() - context;
        long[] starts = new long[size];
        for (int j = 0; j < size; j++) {
            // Two ways to draw, since the shorter texts have always been drawn from by int.
            starts[j] = choices <= Integer.MAX_VALUE ? random.nextInt((int) choices) : random.nextLong(choices);
        }
        return windows(starts);
    }

    /** Evenly spaced windows for validation, in batches; the same at every call. */
    public List<DataSet> fixed(int count, int size) {
        int available = (int) Math.min(count, (tokens.length() - 1) / context);
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < available; from += size) {
            long[] starts = new long[Math.min(size, available - from)];
            for (int j = 0; j < starts.length; j++) {
                starts[j] = (from + j) * (tokens.length() - context - 1) / Math.max(1, available - 1);
            }
            batches.add(windows(starts));
        }
        return batches;
    }

    private DataSet windows(long[] starts) {
        float[] inputs = new float[starts.length * context];
        float[] targets = new float[inputs.length];
        for (int j = 0; j < starts.length; j++) {
            for (int i = 0; i < context; i++) {
                inputs[j * context + i] = tokens.at(starts[j] + i);
                targets[j * context + i] = tokens.at(starts[j] + i + 1);
            }
        }
        return new DataSet(
                Nd4j.createFromArray(inputs).reshape('c', starts.length, context),
                Nd4j.createFromArray(targets).reshape('c', starts.length, context));
    }
}
