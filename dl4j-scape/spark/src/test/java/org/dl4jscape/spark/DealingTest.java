package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.Repartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the partitions, each element goes to one rank, evenly, and the same ones in the same order in every run. */
@Tag("spark")
class DealingTest {
    private final JavaSparkContext context = LocalSpark.context();

    /** Partitions of any size, some empty. */
    private JavaRDD<Integer> elements(Random random, int count) {
        int partitions = 1 + random.nextInt(9);
        List<Integer> owner = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            owner.add(random.nextInt(partitions) * random.nextInt(2));
        }
        return context.parallelize(IntStream.range(0, partitions).boxed().toList(), partitions)
                .flatMap(partition -> IntStream.range(0, count)
                        .filter(i -> owner.get(i).equals(partition))
                        .boxed()
                        .iterator());
    }

    @Test
    void shouldDealEachElementOnceEvenlyAndAlikeInEveryRun() {
        for (long seed = 0; seed < 8; seed++) {
            Random random = new Random(seed);
            int count = 20 + random.nextInt(60);
            int ranks = 1 + random.nextInt(4);
            JavaRDD<Integer> data = elements(random, count);
            List<List<Integer>> dealt =
                    Dealing.deal(data, ranks, Repartition.Always).glom().collect();
            assertEquals(ranks, dealt.size());
            assertEquals(
                    IntStream.range(0, count).boxed().toList(),
                    dealt.stream().flatMap(List::stream).sorted().toList(),
                    "seed " + seed);
            for (List<Integer> rank : dealt) {
                assertTrue(
                        Math.abs(rank.size() - count / ranks) <= data.getNumPartitions(),
                        "seed " + seed + ": " + rank.size() + " of " + count + " for one of " + ranks);
            }
            assertEquals(
                    dealt, Dealing.deal(data, ranks, Repartition.Always).glom().collect(), "seed " + seed);
        }
    }

    @Test
    void shouldLeavePartitionsAsTheyAreWhereTheyAreAsManyAsRanks() {
        JavaRDD<Integer> data = context.parallelize(List.of(1, 2, 3, 4, 5), 2);
        for (Repartition repartition : new Repartition[] {Repartition.Never, Repartition.NumPartitionsWorkersDiffers}) {
            assertEquals(
                    data.glom().collect(),
                    Dealing.deal(data, 2, repartition).glom().collect());
        }
        assertEquals(
                3,
                Dealing.deal(data, 3, Repartition.NumPartitionsWorkersDiffers).getNumPartitions());
    }
}
