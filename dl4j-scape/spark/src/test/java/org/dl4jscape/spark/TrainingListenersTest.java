package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.listeners.VanillaStatsStorageRouter;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** Training listeners: copies on every rank, called as under plain fit; what routing ones report arrives on the driver. */
@Tag("spark")
class TrainingListenersTest {
    private static final int BATCHES = 6;
    private static final List<String> HEARD = new CopyOnWriteArrayList<>();

    private final JavaSparkContext context = LocalSpark.context();
    private final JavaRDD<DataSet> data = context.parallelize(Examples.numbered(BATCHES, 8), 2);

    @BeforeEach
    void forget() {
        HEARD.clear();
    }

    @Test
    void shouldCallListenersOnEveryRankAsPlainFitDoes() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(
                context, LocalSpark.multiLayer(), LocalSpark.builder().build());
        spark.setListeners(new Hearing(), new ScoreIterationListener(1));
        spark.fit(data);
        List<String> ofOneRank = new ArrayList<>(List.of("start 0"));
        IntStream.range(0, BATCHES / 2).forEach(step -> ofOneRank.add("done " + step));
        ofOneRank.add("end 0");
        for (String call : ofOneRank) {
            assertEquals(2, HEARD.stream().filter(call::equals).count(), call + " in " + HEARD);
        }
        assertEquals(2 * ofOneRank.size(), HEARD.size());
        spark.setListeners(List.of());
        spark.fit(data);
        assertEquals(2 * ofOneRank.size(), HEARD.size(), "taken away");
    }

    @Test
    void shouldBringWhatRoutingListenersReportToTheDriversRouter() {
        SparkComputationGraph spark = new SparkComputationGraph(
                context, LocalSpark.graph(), LocalSpark.builder().build());
        VanillaStatsStorageRouter router = new VanillaStatsStorageRouter();
        ReportingListener listener = new ReportingListener();
        spark.setListeners(router, listener);
        spark.fit(data);
        assertEquals(2, router.getStaticInfo().size());
        assertEquals(BATCHES, router.getUpdates().size());
        assertEquals(
                List.of("rank-0", "rank-1"),
                router.getUpdates().stream()
                        .map(update -> update.getWorkerID())
                        .distinct()
                        .sorted()
                        .toList());
        assertEquals(
                1,
                router.getUpdates().stream()
                        .map(update -> update.getSessionID())
                        .distinct()
                        .count());
        assertTrue(router.getUpdates().get(0).getSessionID().startsWith("scape_"));
        assertNull(listener.getSessionID(), "the user's own object is left alone");
        spark.fit(data);
        assertEquals(2 * BATCHES, router.getUpdates().size());
    }

    @Test
    void shouldRefuseAListenerThatCannotTravel() {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(
                context, LocalSpark.multiLayer(), LocalSpark.builder().build());
        String message = assertThrows(
                        IllegalArgumentException.class, () -> spark.setListeners(new BaseTrainingListener() {}))
                .getMessage();
        assertTrue(message.startsWith("training listeners of types ["), message);
        assertTrue(message.contains("make them and what they hold Serializable"), message);
    }

    /** Notes what it hears where the whole JVM can see it. */
    private static final class Hearing extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            HEARD.add("done " + iteration);
        }

        @Override
        public void onEpochStart(Model model) {
            HEARD.add("start " + ((MultiLayerNetwork) model).getEpochCount());
        }

        @Override
        public void onEpochEnd(Model model) {
            HEARD.add("end " + ((MultiLayerNetwork) model).getEpochCount());
        }
    }
}
