package org.dl4jscape.examples.data;

import java.util.Arrays;

/** The characters of a text, numbered in code order; characters that it lacks become a space when another text is encoded. */
public final class CharVocabulary {
    private final char[] characters;
    private final int fallback;

    private CharVocabulary(char[] characters) {
        this.characters = characters;
        int space = Arrays.binarySearch(characters, ' ');
        fallback = Math.max(space, 0);
    }

    /** Of all characters that occur in a text. */
    public static CharVocabulary of(String text) {
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

    /** Number of characters. */
    public int size() {
        return characters.length;
    }

    /** Each character's number. */
    public int[] encode(String text) {
        int[] tokens = new int[text.length()];
        for (int i = 0; i < tokens.length; i++) {
            int found = Arrays.binarySearch(characters, text.charAt(i));
            tokens[i] = found >= 0 ? found : fallback;
        }
        return tokens;
    }
}
