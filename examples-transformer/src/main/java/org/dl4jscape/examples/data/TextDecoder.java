package org.dl4jscape.examples.data;

/** Turns tokens into text one by one; a character that is cut into several tokens comes with the last of them. One thread. */
@FunctionalInterface
public interface TextDecoder {
    /** The text that this token completes; may be empty. */
    String next(int token);
}
