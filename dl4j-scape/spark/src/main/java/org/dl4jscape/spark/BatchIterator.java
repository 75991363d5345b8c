package org.dl4jscape.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Cuts and joins the elements of a partition to batches of one size; the last may be smaller.
 *
 * <p>Elements are all {@link DataSet} or all {@link MultiDataSet}. An element of the right size passes untouched.
 */
final class BatchIterator implements Iterator<Object> {
    private final Iterator<?> source;
    private final int batchSize;
    private List<Object> waiting = new ArrayList<>();
    private int waitingExamples;

    BatchIterator(Iterator<?> source, int batchSize) {
        this.source = source;
        this.batchSize = batchSize;
    }

    @Override
    public boolean hasNext() {
        return waitingExamples > 0 || source.hasNext();
    }

    @Override
    public Object next() {
        while (waitingExamples < batchSize && source.hasNext()) {
            Object element = source.next();
            waiting.add(element);
            waitingExamples += examples(element);
        }
        if (waiting.isEmpty()) {
            throw new NoSuchElementException("the partition has no more examples");
        }
        if (waiting.size() == 1 && waitingExamples <= batchSize) {
            Object whole = waiting.remove(0);
            waitingExamples = 0;
            return whole;
        }
        return cut();
    }

    private Object cut() {
        boolean multi = waiting.get(0) instanceof MultiDataSet;
        Object joined = multi ? joinMulti(waiting) : join(waiting);
        int size = Math.min(batchSize, waitingExamples);
        int total = waitingExamples;
        waiting = new ArrayList<>();
        waitingExamples = total - size;
        if (waitingExamples == 0) {
            return joined;
        }
        if (joined instanceof MultiDataSet all) {
            List<MultiDataSet> examples = all.asList();
            waiting.add(joinMulti(examples.subList(size, total)));
            return joinMulti(examples.subList(0, size));
        }
        DataSet all = (DataSet) joined;
        waiting.add(range(all, size, total));
        return range(all, 0, size);
    }

    /** A copy, never a view: ND4J cuts a view of a view at wrong places. */
    private static DataSet range(DataSet all, int from, int to) {
        DataSet whole = all.getFeatures().isView() ? all.copy() : all;
        return ((DataSet) whole.getRange(from, to)).copy();
    }

    private static DataSet join(List<Object> parts) {
        List<DataSet> sets = new ArrayList<>();
        parts.forEach(part -> sets.add((DataSet) part));
        return sets.size() == 1 ? sets.get(0) : DataSet.merge(sets);
    }

    private static MultiDataSet joinMulti(List<?> parts) {
        List<MultiDataSet> sets = new ArrayList<>();
        parts.forEach(part -> sets.add((MultiDataSet) part));
        return sets.size() == 1 ? sets.get(0) : org.nd4j.linalg.dataset.MultiDataSet.merge(sets);
    }

    private static int examples(Object element) {
        if (element instanceof DataSet dataSet) {
            return dataSet.numExamples();
        }
        if (element instanceof MultiDataSet multi) {
            return (int) multi.getFeatures(0).size(0);
        }
        throw new IllegalArgumentException(
                "element of type " + element.getClass().getName() + " (expected: DataSet or MultiDataSet)");
    }
}
