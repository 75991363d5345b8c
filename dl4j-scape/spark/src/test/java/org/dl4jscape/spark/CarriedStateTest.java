package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** Optimizer state from one fit to the next: carried while it is the same training, else anew and with a warning. */
@Tag("spark")
class CarriedStateTest {
    private static final String ANEW = "optimizer state starts anew";

    private final JavaSparkContext context = LocalSpark.context();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final AbstractAppender appender = new AbstractAppender("warnings", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            if (event.getLoggerName().startsWith("org.dl4jscape.spark")) {
                warnings.add(event.getMessage().getFormattedMessage());
            }
        }
    };
    private final List<DataSet> rankZero = LocalSpark.batches(8, 8, 1);
    private final List<DataSet> rankOne = LocalSpark.batches(8, 8, 2);

    @BeforeEach
    void listen() {
        appender.start();
        ((LoggerContext) LogManager.getContext(false)).getRootLogger().addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        ((LoggerContext) LogManager.getContext(false)).getRootLogger().removeAppender(appender);
    }

    private JavaRDD<DataSet> rdd() {
        List<DataSet> all = new java.util.ArrayList<>(rankZero);
        all.addAll(rankOne);
        return context.parallelize(all, 2);
    }

    private static ScapeTrainingMaster master(ScapeConfig config) {
        return LocalSpark.builder()
                .config(config)
                .repartitionData(Repartition.Never)
                .build();
    }

    private static ScapeConfig config(double density) {
        return ScapeConfig.builder().density(density).warmupSteps(5).build();
    }

    /** The same batches on threads, dealt to the same ranks, from the network as it is. */
    private String onThreads(MultiLayerNetwork net, double density, int epochs) {
        List<DataSet> dealt = new java.util.ArrayList<>();
        for (int i = 0; i < rankZero.size(); i++) {
            dealt.add(rankZero.get(i));
            dealt.add(rankOne.get(i));
        }
        return ScapeTrainer.builder()
                .ranks(2)
                .config(config(density))
                .build()
                .fit(net, epoch -> dealt.iterator(), epochs)
                .parametersSha256()
                .get(0);
    }

    private static String sha256(ScapeTrainingMaster master) {
        assertEquals(
                1,
                master.lastResults().stream()
                        .map(ScapeTrainingResult::parametersSha256)
                        .distinct()
                        .count());
        return master.lastResults().get(0).parametersSha256();
    }

    @Test
    void shouldCarryStateSoThatTwoFitsAreOneTrainingOfTwoEpochs() {
        ScapeTrainingMaster master = master(config(0.2));
        MultiLayerNetwork net = LocalSpark.multiLayer();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, net, master);
        spark.fit(rdd());
        assertEquals(onThreads(LocalSpark.multiLayer(), 0.2, 1), sha256(master));
        spark.fit(rdd());
        assertEquals(onThreads(LocalSpark.multiLayer(), 0.2, 2), sha256(master));
        assertEquals(8, master.lastResults().get(1).steps());
        assertEquals(16, net.getIterationCount());
        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldStartAnewWithAWarningWhenParametersWereChangedBetween() {
        ScapeTrainingMaster master = master(config(0.2));
        MultiLayerNetwork net = LocalSpark.multiLayer();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, net, master);
        spark.fit(rdd());
        net.params().muli(1.01);
        MultiLayerNetwork same = net.clone();
        spark.fit(rdd());
        assertTrue(warnings.toString().contains(ANEW), warnings.toString());
        assertEquals(onThreads(same, 0.2, 1), sha256(master));
        assertEquals(8, master.lastResults().get(0).steps());
        warnings.clear();
        spark.fit(rdd());
        assertEquals(List.of(), warnings, "the training that started anew is carried on");
    }

    /** A master has one configuration; another density is another master, which has seen nothing. */
    @Test
    void shouldStartAnewWithAnotherMasterOfAnotherDensity() {
        MultiLayerNetwork net = LocalSpark.multiLayer();
        new SparkDl4jMultiLayer(context, net, master(config(0.2))).fit(rdd());
        MultiLayerNetwork same = net.clone();
        ScapeTrainingMaster denser = master(config(0.5));
        new SparkDl4jMultiLayer(context, net, denser).fit(rdd());
        assertEquals(onThreads(same, 0.5, 1), sha256(denser));
        assertNotEquals(onThreads(LocalSpark.multiLayer(), 0.2, 2), sha256(denser));
    }

    @Test
    void shouldStartAnewWithAWarningWhenTheMasterTrainsAnotherNetwork() {
        ScapeTrainingMaster master = master(config(0.2));
        new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master).fit(rdd());
        MultiLayerNetwork other = LocalSpark.multiLayer();
        other.setLearningRate(0.02);
        new SparkDl4jMultiLayer(context, other, master).fit(rdd());
        assertTrue(warnings.toString().contains(ANEW), warnings.toString());
        MultiLayerNetwork same = LocalSpark.multiLayer();
        same.setLearningRate(0.02);
        assertEquals(onThreads(same, 0.2, 1), sha256(master));
    }
}
