package org.dl4jscape.examples.data;

import java.io.IOException;

/** Takes documents piece by piece, so that none must fit into memory. */
interface DocumentSink {
    /** More of the current document; never cuts a pair of surrogates. */
    void text(char[] characters, int from, int to) throws IOException;

    /** The current document is complete. */
    void end() throws IOException;
}
