package org.dl4jscape.examples.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The kinds of tokenizers, by name. */
public final class Tokenizers {
    /** Names of the kinds, as {@code prepare --tokens} takes them. */
    public static final List<String> KINDS = List.of(CharVocabulary.KIND, ByteTokenizer.KIND, BpeTokenizer.KIND);

    private Tokenizers() {}

    /**
     * Makes one from its description.
     *
     * @param where what is read, for the error
     * @param description what {@link Tokenizer#describe} gave
     * @throws IllegalArgumentException when it is of no known kind
     */
    public static Tokenizer of(String where, JsonNode description) {
        String kind = description.path("kind").asText("");
        return switch (kind) {
            case CharVocabulary.KIND ->
                CharVocabulary.ofCharacters(description.path("characters").asText(""));
            case ByteTokenizer.KIND -> new ByteTokenizer();
            case BpeTokenizer.KIND -> new BpeTokenizer();
            default ->
                throw new IllegalArgumentException(where + " has a tokenizer of kind '" + kind + "' (expected: one of "
                        + String.join(", ", KINDS) + "); it was written by another version, or is damaged");
        };
    }
}
