package org.dl4jscape.examples.data;

import java.util.Map;

/** Turns text into token ids and back. Immutable; its description is saved beside the model, so that another JVM can read it. */
public interface Tokenizer {
    /** Number of ids. */
    int size();

    /** What one token is called, such as {@code character}. */
    String unit();

    /** The ids of a text. */
    int[] encode(String text);

    /** How many characters of a text it cannot represent and replaces. */
    int unknown(String text);

    /** A new decoder, which gives text as far as it is complete. */
    TextDecoder decoder();

    /** What {@link Tokenizers#of} makes it from, as values of JSON. */
    Map<String, Object> describe();
}
