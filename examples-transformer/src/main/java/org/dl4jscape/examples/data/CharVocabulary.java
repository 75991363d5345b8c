package org.dl4jscape.examples.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The characters of a text, numbered in code order; characters that it lacks become a space when another text is encoded. */
public final class CharVocabulary implements Tokenizer {
    static final String KIND = "characters";

    private final char[] characters;
    private final int fallback;

    private CharVocabulary(char[] characters) {
        this.characters = characters;
        int space = Arrays.binarySearch(characters, ' ');
        fallback = Math.max(space, 0);
    }

    /** Of all characters that occur in a text. */
    public static CharVocabulary of(String text) {
        return ofCharacters(text);
    }

    /** Of these characters, whatever their order, each once or more often. */
    static CharVocabulary ofCharacters(String text) {
        char[] sorted = text.toCharArray();
        Arrays.sort(sorted);
        int size = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[size++] = sorted[i];
            }
        }
        if (size < 2) {
            throw new IllegalArgumentException(
                    "the training text has " + size + " different characters (expected: >= 2); give a longer text");
        }
        return new CharVocabulary(Arrays.copyOf(sorted, size));
    }

    @Override
    public int size() {
        return characters.length;
    }

    @Override
    public String unit() {
        return "character";
    }

    /** A character's number. */
    int id(char character) {
        int found = Arrays.binarySearch(characters, character);
        return found >= 0 ? found : fallback;
    }

    @Override
    public int[] encode(String text) {
        int[] tokens = new int[text.length()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = id(text.charAt(i));
        }
        return tokens;
    }

    @Override
    public int unknown(String text) {
        return (int) text.chars()
                .filter(c -> Arrays.binarySearch(characters, (char) c) < 0)
                .count();
    }

    @Override
    public TextDecoder decoder() {
        StringBuilder half = new StringBuilder();
        return token -> {
            half.append(characters[token]);
            if (Character.isHighSurrogate(characters[token])) {
                return "";
            }
            String text = half.toString();
            half.setLength(0);
            return text;
        };
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", KIND);
        map.put("characters", new String(characters));
        return map;
    }
}
