package org.dl4jscape.tests.benchmarks.rig;

import java.io.IOException;

/** What a rank does again and again, together with the others. Used by one thread. */
interface Round extends AutoCloseable {
    /** Does it once; returns the nanoseconds that count. */
    long run() throws IOException;

    /** Returns when all ranks are here. */
    void meet() throws IOException;

    @Override
    void close() throws IOException;
}
