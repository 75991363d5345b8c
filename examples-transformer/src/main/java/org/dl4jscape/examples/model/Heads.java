package org.dl4jscape.examples.model;

/**
 * The heads of an attention.
 *
 * @param width of a vector
 * @param heads of queries; divides the width
 * @param groups heads of keys and values, each shared by heads / groups heads of queries (arXiv 2305.13245)
 */
record Heads(int width, int heads, int groups) {
    Heads {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads=" + heads + " does not divide width=" + width);
        }
        if (groups < 1 || heads % groups != 0) {
            throw new IllegalArgumentException("groups=" + groups + " does not divide heads=" + heads);
        }
    }

    int headWidth() {
        return width / heads;
    }

    /** Columns of queries, keys and values together. */
    int projected() {
        return width + 2 * groups * headWidth();
    }
}
