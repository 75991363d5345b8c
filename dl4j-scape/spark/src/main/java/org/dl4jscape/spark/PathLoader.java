package org.dl4jscape.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.api.java.function.Function;
import org.deeplearning4j.spark.data.loader.RemoteFileSourceFactory;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.loader.Loader;

/** Turns a path into a batch where it is trained on, one at a time. */
final class PathLoader implements Function<String, Object> {
    private static final long serialVersionUID = 1L;

    private final Loader<?> loader;
    private final RemoteFileSourceFactory sources;

    PathLoader(Loader<?> loader, RemoteFileSourceFactory sources) {
        this.loader = loader;
        this.sources = sources;
    }

    /**
     * The one that was given.
     *
     * @throws IllegalArgumentException when there is none or more than one
     */
    static Loader<?> only(@Nullable Loader<?> dataSets, @Nullable Loader<?> multiDataSets) {
        if (dataSets != null && multiDataSets == null) {
            return dataSets;
        }
        if (multiDataSets != null && dataSets == null) {
            return multiDataSets;
        }
        throw new IllegalArgumentException((dataSets == null ? "no loader" : "a DataSetLoader and a MultiDataSetLoader")
                + " (expected: one of DataSetLoader and MultiDataSetLoader)");
    }

    @Override
    public Object call(String path) {
        try {
            return loader.load(sources.getSource(path));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    path + " cannot be loaded by " + loader.getClass().getName() + " (" + e.getMessage()
                            + "); check that it is there, that every executor can read it, and that the loader is for such files",
                    e);
        }
    }
}
