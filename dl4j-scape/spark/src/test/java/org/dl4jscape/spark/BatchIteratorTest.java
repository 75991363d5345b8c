package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Elements of any sizes are cut and joined to batches of one size, in order, and no example is lost or doubled. */
class BatchIteratorTest {
    /** Each example carries its number. */
    private static DataSet numbered(int from, int size) {
        float[][] features = new float[size][3];
        float[][] labels = new float[size][2];
        for (int i = 0; i < size; i++) {
            features[i] = new float[] {from + i, -from - i, 1};
            labels[i] = new float[] {from + i, 0.5f};
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }

    private static DataSet sequences(int from, int size) {
        INDArray features = Nd4j.zeros(size, 2, 4);
        INDArray labels = Nd4j.zeros(size, 1, 4);
        INDArray mask = Nd4j.zeros(size, 4);
        for (int i = 0; i < size; i++) {
            features.putScalar(i, 0, 0, from + i);
            labels.putScalar(i, 0, 0, from + i);
            mask.putScalar(i, (from + i) % 4, 1);
        }
        return new DataSet(features, labels, mask, mask.dup());
    }

    private static List<Integer> sizes(Random random) {
        List<Integer> sizes = new ArrayList<>();
        for (int parts = 1 + random.nextInt(8); parts > 0; parts--) {
            sizes.add(1 + random.nextInt(25));
        }
        return sizes;
    }

    private static void assertSizes(List<Integer> found, int total, int batchSize, String name) {
        int left = total;
        for (int size : found) {
            assertEquals(Math.min(batchSize, left), size, name + " " + found);
            left -= size;
        }
        assertEquals(0, left, name);
    }

    @Test
    void shouldKeepEveryExampleInOrder() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            List<DataSet> elements = new ArrayList<>();
            int total = 0;
            for (int size : sizes(random)) {
                elements.add(numbered(total, size));
                total += size;
            }
            int batchSize = 1 + random.nextInt(12);
            String name = "seed " + seed + ", batch size " + batchSize;
            BatchIterator iterator = new BatchIterator(elements.iterator(), batchSize);
            List<Integer> found = new ArrayList<>();
            int at = 0;
            while (iterator.hasNext()) {
                DataSet batch = (DataSet) iterator.next();
                found.add(batch.numExamples());
                for (int i = 0; i < batch.numExamples(); i++) {
                    assertEquals(at, batch.getFeatures().getInt(i, 0), name);
                    assertEquals(-at, batch.getFeatures().getInt(i, 1), name);
                    assertEquals(at++, batch.getLabels().getInt(i, 0), name);
                }
            }
            assertSizes(found, total, batchSize, name);
            assertThrows(NoSuchElementException.class, iterator::next);
        }
    }

    @Test
    void shouldKeepMasksWithTheirSequences() {
        List<DataSet> elements = List.of(sequences(0, 7), sequences(7, 1), sequences(8, 12), sequences(20, 3));
        BatchIterator iterator = new BatchIterator(elements.iterator(), 5);
        int at = 0;
        while (iterator.hasNext()) {
            DataSet batch = (DataSet) iterator.next();
            for (int i = 0; i < batch.numExamples(); i++) {
                assertEquals(at, batch.getFeatures().getInt(i, 0, 0));
                assertEquals(1, batch.getFeaturesMaskArray().getInt(i, at % 4));
                assertEquals(1, batch.getLabelsMaskArray().getInt(i, at % 4));
                at++;
            }
        }
        assertEquals(23, at);
    }

    @Test
    void shouldCutAndJoinMultiDataSets() {
        List<MultiDataSet> elements = new ArrayList<>();
        int total = 0;
        for (int size : new int[] {11, 2, 5, 20}) {
            elements.add(numbered(total, size).toMultiDataSet());
            total += size;
        }
        BatchIterator iterator = new BatchIterator(elements.iterator(), 6);
        List<Integer> found = new ArrayList<>();
        int at = 0;
        while (iterator.hasNext()) {
            MultiDataSet batch = (MultiDataSet) iterator.next();
            int size = (int) batch.getFeatures(0).size(0);
            found.add(size);
            for (int i = 0; i < size; i++) {
                assertEquals(at++, batch.getLabels(0).getInt(i, 0));
            }
        }
        assertSizes(found, total, 6, "multi");
    }

    @Test
    void shouldPassAnElementOfTheRightSizeUntouched() {
        DataSet element = numbered(0, 8);
        assertSame(element, new BatchIterator(List.of(element).iterator(), 8).next());
    }
}
