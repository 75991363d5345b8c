package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Training hooks: a copy on every rank, called before and after each of its batches. */
@Tag("spark")
class TrainingHooksTest {
    private static final int BATCHES = 6;

    private final JavaSparkContext context = LocalSpark.context();

    @BeforeEach
    void forget() {
        Examples.forget();
    }

    private ScapeTrainingMaster fit(ScapeTrainingMaster master) {
        new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master)
                .fit(context.parallelize(Examples.numbered(BATCHES, 8), 2));
        return master;
    }

    /** The calls of one copy, in order. */
    private static Map<String, List<String>> byCopy() {
        return Examples.calls().stream()
                .collect(Collectors.groupingBy(
                        call -> call.substring(call.lastIndexOf(' ') + 1),
                        Collectors.mapping(call -> call.substring(0, call.lastIndexOf(' ')), Collectors.toList())));
    }

    @Test
    void shouldCallEachRanksCopyAroundEachOfItsBatches() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        master.addHook(new Examples());
        fit(master);
        List<String> expected = new ArrayList<>();
        for (int step = 0; step < BATCHES / 2; step++) {
            expected.add("pre " + step);
            expected.add("post " + (step + 1));
        }
        assertEquals(List.of(expected, expected), List.copyOf(byCopy().values()));
    }

    @Test
    void shouldTrainToTheSameBitsWithAndWithoutAHook() {
        String without = fit(LocalSpark.builder().build()).lastResults().get(0).parametersSha256();
        ScapeTrainingMaster hooked =
                LocalSpark.builder().trainingHooks(List.of(new Examples())).build();
        assertEquals(without, fit(hooked).lastResults().get(0).parametersSha256());
    }

    @Test
    void shouldCallAHookNoMoreThatWasRemoved() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        TrainingHook hook = new Examples();
        master.addHook(hook);
        master.removeHook(hook);
        master.removeHook(hook);
        fit(master);
        assertEquals(List.of(), Examples.calls());
    }

    @Test
    void shouldEndTheTrainingWithWhatAHookThrows() {
        ScapeTrainingMaster master = LocalSpark.builder()
                .repartitionData(Repartition.Never)
                .maxRestarts(2)
                .build();
        master.addHook(new Throwing());
        Exception failure = assertThrows(Exception.class, () -> fit(master));
        assertTrue(String.valueOf(failure.getMessage()).contains("the hook has seen enough"), failure::toString);
    }

    @Test
    void shouldRefuseAHookThatCannotTravel() {
        ScapeTrainingMaster master = LocalSpark.builder().build();
        String message = assertThrows(IllegalArgumentException.class, () -> master.addHook(new Unserialisable()))
                .getMessage();
        assertTrue(
                message.startsWith("training hooks of types [org.dl4jscape.spark.TrainingHooksTest$Unserialisable]"
                        + " cannot be serialised (java.io.NotSerializableException: java.lang.Object)"),
                message);
    }

    /** Throws before the first batch. */
    private static class Throwing implements TrainingHook {
        private static final long serialVersionUID = 1L;

        @Override
        public void preUpdate(DataSet batch, Model network) {
            throw new IllegalStateException("the hook has seen enough");
        }

        @Override
        public void postUpdate(DataSet batch, Model network) {}

        @Override
        public void preUpdate(MultiDataSet batch, Model network) {}

        @Override
        public void postUpdate(MultiDataSet batch, Model network) {}
    }

    /** Holds what has no serial form. */
    @SuppressWarnings("serial") // That it cannot be serialised is the point.
    private static final class Unserialisable extends Throwing {
        private static final long serialVersionUID = 1L;

        private final Object held = new Object();

        @Override
        public String toString() {
            return "holds " + held;
        }
    }
}
