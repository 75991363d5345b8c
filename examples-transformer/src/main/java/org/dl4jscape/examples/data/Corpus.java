package org.dl4jscape.examples.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text to train on and the text to validate on, as tokens of one vocabulary: the characters of the training text.
 *
 * @param vocabulary the characters
 * @param training tokens to train on
 * @param validation tokens that the training never sees
 */
public record Corpus(CharVocabulary vocabulary, int[] training, int[] validation) {
    /** Five novels by Jane Austen; validation on a sixth. */
    public static Corpus austen() {
        return of(Texts.training(), Texts.validation());
    }

    /**
     * Files of the user.
     *
     * @param data files to train on, joined; empty: the five novels
     * @param validation file to validate on; null: Persuasion
     * @throws IllegalArgumentException naming the option and the file when one cannot be read, is empty or is no UTF-8 text
     */
    public static Corpus of(List<Path> data, @Nullable Path validation) {
        return of(
                data.isEmpty() ? Texts.training() : Texts.read("--data", data),
                validation == null ? Texts.validation() : Texts.read("--validation", List.of(validation)));
    }

    private static Corpus of(String training, String validation) {
        CharVocabulary vocabulary = CharVocabulary.of(training);
        return new Corpus(vocabulary, vocabulary.encode(training), vocabulary.encode(validation));
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

    private static void requireLongerThan(int context, String option, int[] tokens) {
        if (tokens.length <= context) {
            throw new IllegalArgumentException(option + " has " + tokens.length + " characters (expected: > " + context
                    + ", the context of the model); give a longer text");
        }
    }

    /** Loss of the bigram model on the validation text, in nats a character: the one to beat. */
    public double bigramLoss() {
        return Bigram.loss(training, validation, vocabulary.size());
    }
}
