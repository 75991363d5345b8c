package org.dl4jscape.examples.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text to train on and the text to validate on, as tokens of one vocabulary.
 *
 * @param tokenizer what the ids mean
 * @param training tokens to train on
 * @param validation tokens that the training never sees
 */
public record Corpus(Tokenizer tokenizer, Tokens training, Tokens validation) {
    /** Five novels by Jane Austen; validation on a sixth. */
    public static Corpus austen() {
        return of(Texts.training(), Texts.validation());
    }

    /**
     * Files of the user.
     *
     * @param data texts to train on, joined, or one file of tokens; empty: the five novels
     * @param validation file to validate on; null: Persuasion, or what the file of tokens holds for that
     * @throws IllegalArgumentException naming the option and the file when one cannot be read, is empty, damaged or no UTF-8 text
     */
    public static Corpus of(List<Path> data, @Nullable Path validation) {
        if (data.size() == 1 && TokenFile.isOne(data.get(0))) {
            return ofTokens(TokenFile.open("--data", data.get(0)), validation);
        }
        return of(
                data.isEmpty() ? Texts.training() : Texts.read("--data", data),
                validation == null ? Texts.validation() : Texts.read("--validation", List.of(validation)));
    }

    private static Corpus ofTokens(TokenFile file, @Nullable Path validation) {
        if (validation == null) {
            return new Corpus(file.tokenizer(), file.training(), file.validation());
        }
        if (TokenFile.isOne(validation)) {
            TokenFile other = TokenFile.open("--validation", validation);
            if (!other.tokenizer().describe().equals(file.tokenizer().describe())) {
                throw new IllegalArgumentException("--validation=" + validation + " has another vocabulary than --data="
                        + file.path() + " (expected: the same tokens); prepare both in one call");
            }
            return new Corpus(file.tokenizer(), file.training(), other.validation());
        }
        int[] held = file.tokenizer().encode(Texts.read("--validation", List.of(validation)));
        return new Corpus(file.tokenizer(), file.training(), Tokens.of(held));
    }

    private static Corpus of(String training, String validation) {
        CharVocabulary vocabulary = CharVocabulary.of(training);
        return new Corpus(vocabulary, Tokens.of(vocabulary.encode(training)), Tokens.of(vocabulary.encode(validation)));
    }

    /**
     * Refuses texts that are too short for a model.
     *
     * @param context tokens of a window
     * @throws IllegalArgumentException naming the option and both lengths
     */
    public void requireLongerThan(int context) {
        requireLongerThan(context, "--data", training);
        requireLongerThan(context, "--validation", validation);
    }

    private void requireLongerThan(int context, String option, Tokens tokens) {
        if (tokens.length() <= context) {
            throw new IllegalArgumentException(option + " has " + tokens.length() + " " + tokenizer.unit()
                    + "s (expected: > " + context + ", the context of the model); give a longer text");
        }
    }

    /** Loss of the bigram model on the validation text, in nats a token: the one to beat; NaN for large vocabularies. */
    public double bigramLoss() {
        return Bigram.loss(training, validation, tokenizer.size());
    }
}
