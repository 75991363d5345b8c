package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.api.Repartition;
import scala.Tuple2;

/**
 * Deals the elements of an RDD to the ranks: the same elements in the same order, however often and in whatever order Spark
 * fetches them, as long as the RDD itself is the same. Without that, a rank that passes over batches after a restart would
 * leave out some examples and see others twice.
 *
 * <p>Element i of partition p goes to rank (p + i) mod worldSize, and there by p, then i. Spark's own {@code repartition}
 * leaves the order to the network.
 */
final class Dealing {
    /** Elements that a partition may have: the rest of a long is its number. */
    private static final int INDEX_BITS = 40;

    private Dealing() {}

    /**
     * One partition a rank.
     *
     * @throws IllegalArgumentException when the RDD has another number of partitions and may not be dealt anew
     */
    static <T> JavaRDD<T> deal(JavaRDD<T> data, int worldSize, Repartition repartition) {
        int found = data.getNumPartitions();
        if (repartition == Repartition.Always
                || repartition == Repartition.NumPartitionsWorkersDiffers && found != worldSize) {
            return anew(data, worldSize);
        }
        if (found != worldSize) {
            throw new IllegalArgumentException("the RDD has " + found + " partitions (expected: ranks=" + worldSize
                    + "), and repartition is Never; repartition it, or use Repartition.Always");
        }
        return data;
    }

    private static <T> JavaRDD<T> anew(JavaRDD<T> data, int worldSize) {
        JavaRDD<Tuple2<Long, T>> numbered = data.mapPartitionsWithIndex(Dealing::number, false);
        return JavaPairRDD.fromJavaRDD(numbered)
                .repartitionAndSortWithinPartitions(new InTurn(worldSize))
                .values();
    }

    private static <T> Iterator<Tuple2<Long, T>> number(int partition, Iterator<T> elements) {
        return new Iterator<>() {
            private long next = (long) partition << INDEX_BITS;

            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public Tuple2<Long, T> next() {
                return new Tuple2<>(next++, elements.next());
            }
        };
    }

    /** By partition plus index, so that many small partitions do not all begin at rank 0. */
    private static final class InTurn extends Partitioner implements Serializable {
        private static final long serialVersionUID = 1L;

        private final int worldSize;

        InTurn(int worldSize) {
            this.worldSize = worldSize;
        }

        @Override
        public int numPartitions() {
            return worldSize;
        }

        @Override
        public int getPartition(Object key) {
            long number = (Long) key;
            long index = number & ((1L << INDEX_BITS) - 1);
            return (int) (((number >>> INDEX_BITS) + index) % worldSize);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof InTurn inTurn && inTurn.worldSize == worldSize;
        }

        @Override
        public int hashCode() {
            return worldSize;
        }
    }
}
