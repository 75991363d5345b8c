package org.dl4jscape.examples.cli;

import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.dl4jscape.examples.data.TokenWindows;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Which rank trains on which batch: batch i belongs to rank i mod ranks, and stretch s has the steps from s * stretch on.
 *
 * @param windows the training text
 * @param seed of the choice of windows
 * @param batch windows a rank and step
 * @param ranks number of ranks
 * @param steps number of steps in all
 * @param stretch steps between two validations
 */
record BatchPlan(TokenWindows windows, long seed, int batch, int ranks, int steps, int stretch)
        implements Serializable {
    int stretches() {
        return (steps + stretch - 1) / stretch;
    }

    /** Last step of a stretch. */
    int lastStep(int index) {
        return Math.min(steps, (index + 1) * stretch);
    }

    /** Whether a validation follows a step. */
    boolean endsStretch(int step) {
        return step == steps || step > 0 && step % stretch == 0;
    }

    /** All ranks' batches of a stretch, in order. */
    Iterator<DataSet> all(int index) {
        return range(index * stretch * ranks, lastStep(index) * ranks, 1);
    }

    /** One rank's batches of a stretch, in order. */
    Iterator<DataSet> of(int rank, int index) {
        return range(index * stretch * ranks + rank, lastStep(index) * ranks, ranks);
    }

    private Iterator<DataSet> range(int from, int to, int by) {
        return IntStream.iterate(from, i -> i < to, i -> i + by)
                .mapToObj(i -> windows.batch(seed, i, batch))
                .iterator();
    }
}
